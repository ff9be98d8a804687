using Broker.Actors.Connections.Bans;

namespace Broker.Actors.Connections;

/// <summary>What counters are called where people read them: <c>$SYS</c>, metrics.</summary>
internal static class CounterNames
{
    public static string Name(this DropReason reason) => reason switch
    {
        DropReason.QueueFull => "queue-full",
        DropReason.SlowConsumer => "slow-consumer",
        DropReason.PacketTooLarge => "packet-too-large",
        DropReason.Expired => "expired",
        DropReason.SessionEnded => "session-ended",
        DropReason.LinkFull => "link-full",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string Name(this AuthenticationOutcome outcome) => outcome switch
    {
        AuthenticationOutcome.Accepted => "accepted",
        AuthenticationOutcome.Refused => "refused",
        AuthenticationOutcome.Unavailable => "unavailable",
        AuthenticationOutcome.Late => "late",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    public static string Name(this RefusalReason reason) => reason switch
    {
        RefusalReason.ConnectTimeout => "connect-timeout",
        RefusalReason.Invalid => "invalid",
        RefusalReason.MaxConnections => "max-connections",
        RefusalReason.MaxMemory => "max-memory",
        RefusalReason.Banned => "banned",
        RefusalReason.Redirected => "redirected",
        RefusalReason.Authentication => "authentication",
        RefusalReason.Authorization => "authorization",
        RefusalReason.Unavailable => "unavailable",
        RefusalReason.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string Name(this BanReason reason) => reason switch
    {
        BanReason.BadLogins => "bad-logins",
        BanReason.Connects => "connects",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    /// <summary>One reason.</summary>
    public static string Name(this HoldReasons reason) => reason switch
    {
        HoldReasons.Connecting => "connecting",
        HoldReasons.Subscribing => "subscribing",
        HoldReasons.Unacknowledged => "unacknowledged",
        HoldReasons.Congestion => "congestion",
        HoldReasons.Store => "store",
        HoldReasons.Membership => "membership",
        HoldReasons.Link => "link",
        HoldReasons.Rate => "rate",
        HoldReasons.Unread => "unread",
        HoldReasons.Disk => "disk",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
