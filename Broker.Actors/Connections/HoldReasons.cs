namespace Broker.Actors.Connections;

/// <summary>Why a connection is not read from.</summary>
[Flags]
internal enum HoldReasons
{
    /// <summary>It is read from.</summary>
    None = 0,

    /// <summary>CONNECT waits for its session.</summary>
    Connecting = 1,

    /// <summary>SUBSCRIBE or UNSUBSCRIBE waits for its answer: later packets see its effect.</summary>
    Subscribing = 2,

    /// <summary>Too many of its publishes wait to be committed.</summary>
    Unacknowledged = 4,

    /// <summary>Other event loops are behind.</summary>
    Congestion = 8,

    /// <summary>Too much waits for the database.</summary>
    Store = 16,

    /// <summary>The node does not know whether it is still a member of the cluster, or is none.</summary>
    Membership = 32,

    /// <summary>A node that its messages must reach is behind.</summary>
    Link = 64,

    /// <summary>It sends faster than it may.</summary>
    Rate = 128,

    /// <summary>It does not read what it is answered.</summary>
    Unread = 256,

    /// <summary>Too little room is left where the database writes.</summary>
    Disk = 512,
}
