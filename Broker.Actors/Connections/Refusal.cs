using Broker.Protocol.Packets;

namespace Broker.Actors.Connections;

/// <summary>Why a connection did not become a client's.</summary>
internal enum RefusalReason
{
    /// <summary>No CONNECT came in time.</summary>
    ConnectTimeout,

    /// <summary>What the client sent breaks the standard, or a limit on what it may ask for.</summary>
    Invalid,

    /// <summary>The node has as many connections as it may.</summary>
    MaxConnections,

    /// <summary>The node has no memory for more.</summary>
    MaxMemory,

    /// <summary>Its address or client id is banned.</summary>
    Banned,

    /// <summary>It is sent to another server.</summary>
    Redirected,

    /// <summary>It is not who it says it is, or not in time.</summary>
    Authentication,

    /// <summary>It may not publish its will.</summary>
    Authorization,

    /// <summary>Something that it needs is away, too busy, or about to stop.</summary>
    Unavailable,

    /// <summary>Another connection took its client id over, or an operator ended it.</summary>
    Ended,
}

/// <summary>What a client is told that is not let in, and what it is counted as.</summary>
internal readonly record struct Refusal(ReasonCode ReasonCode, string Message, RefusalReason Why)
{
    /// <summary>With what the reason code says.</summary>
    public Refusal(ReasonCode reasonCode, string message)
        : this(reasonCode, message, Of(reasonCode))
    {
    }

    private static RefusalReason Of(ReasonCode reasonCode) => reasonCode switch
    {
        ReasonCode.Banned => RefusalReason.Banned,
        ReasonCode.UseAnotherServer or ReasonCode.ServerMoved => RefusalReason.Redirected,
        ReasonCode.BadUserNameOrPassword or ReasonCode.BadAuthenticationMethod or ReasonCode.NotAuthorized => RefusalReason.Authentication,
        ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.ServerShuttingDown => RefusalReason.Unavailable,
        ReasonCode.SessionTakenOver or ReasonCode.AdministrativeAction => RefusalReason.Ended,
        _ => RefusalReason.Invalid,
    };
}
