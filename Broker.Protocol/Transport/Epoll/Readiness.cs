namespace Broker.Protocol.Transport.Epoll;

/// <summary>EPOLLIN and so on. Level-triggered: what is not dealt with is told again.</summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,
    Read = 0x1,
    Write = 0x4,

    /// <summary>Told without being asked for.</summary>
    Error = 0x8,

    /// <summary>Both sides have ended; told without being asked for.</summary>
    HangUp = 0x10,

    /// <summary>Told once, and again only for what comes after.</summary>
    Edge = 0x8000_0000,
}
