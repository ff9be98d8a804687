namespace Broker.Actors.Tracing;

/// <summary>What a <see cref="TraceLine"/> may tell of.</summary>
internal static class TraceEvents
{
    /// <summary>From here on the node traces.</summary>
    public const string Tracing = "tracing";

    /// <summary>A connection was opened.</summary>
    public const string Opened = "opened";

    /// <summary>A packet of the client.</summary>
    public const string Received = "received";

    /// <summary>A packet to the client.</summary>
    public const string Sent = "sent";

    /// <summary>Whom a message of the client goes to.</summary>
    public const string Routed = "routed";

    /// <summary>A CONNECT, a message, a filter or the client as a whole, and why.</summary>
    public const string Refused = "refused";

    /// <summary>A message waits, and for what.</summary>
    public const string Queued = "queued";

    /// <summary>A message that the client does not get, and why.</summary>
    public const string Dropped = "dropped";

    /// <summary>The client is not read from, and why.</summary>
    public const string Held = "held";

    /// <summary>That reason has passed.</summary>
    public const string Released = "released";

    /// <summary>The connection is gone, and why.</summary>
    public const string Closed = "closed";

    /// <summary>So many lines more than the rate allows, or than were fetched in time.</summary>
    public const string LeftOut = "left-out";

    /// <summary>A member that does not answer: what happens there is not seen.</summary>
    public const string Missing = "missing";

    /// <summary>The last line.</summary>
    public const string Ended = "ended";
}
