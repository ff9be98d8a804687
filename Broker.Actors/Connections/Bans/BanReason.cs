namespace Broker.Actors.Connections.Bans;

/// <summary>What somebody is banned for.</summary>
internal enum BanReason
{
    /// <summary>An address, for failed authentications.</summary>
    BadLogins,

    /// <summary>A client id, for connecting again and again.</summary>
    Connects,
}
