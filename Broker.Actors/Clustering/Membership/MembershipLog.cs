using Microsoft.Extensions.Logging;

namespace Broker.Actors.Clustering.Membership;

/// <summary>What membership logs.</summary>
internal static partial class MembershipLog
{
    [LoggerMessage(1, LogLevel.Information, "Joining the cluster at {Addresses}")]
    public static partial void Joining(ILogger logger, string addresses);

    [LoggerMessage(2, LogLevel.Information, "There is no cluster: this node forms one")]
    public static partial void Forming(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "No cluster is found while the database does not answer: {Reason}")]
    public static partial void CannotLook(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Members of an earlier cluster have been silent for {Seconds} s and are given up: {Addresses}")]
    public static partial void GivenUp(ILogger logger, int seconds, string addresses);

    [LoggerMessage(5, LogLevel.Warning, "{Method} discovery fails: {Reason}")]
    public static partial void CannotDiscover(ILogger logger, string method, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Node} is a member")]
    public static partial void Joined(ILogger logger, string node);

    [LoggerMessage(7, LogLevel.Warning, "{Node} is no member any more (it was {Status})")]
    public static partial void Removed(ILogger logger, string node, string status);

    [LoggerMessage(8, LogLevel.Information, "What {Node} served may be taken over, {Milliseconds} ms after its removal")]
    public static partial void Settled(ILogger logger, string node, long milliseconds);

    [LoggerMessage(9, LogLevel.Error, "{Node} cannot be revoked and nothing of it is taken over, this is tried again: {Reason}")]
    public static partial void CannotRevoke(ILogger logger, string node, string reason);

    [LoggerMessage(10, LogLevel.Error, "This node serves nobody any more: {Reason}")]
    public static partial void Ended(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Warning, "This node is alone: {Reason}")]
    public static partial void Alone(ILogger logger, string reason);

    [LoggerMessage(12, LogLevel.Warning, "All clients are held, nothing is read or written: {Reason}")]
    public static partial void Held(ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Warning, "Clients are served again, after {Milliseconds} ms")]
    public static partial void Released(ILogger logger, long milliseconds);

    [LoggerMessage(14, LogLevel.Warning, "The registration cannot be renewed: {Reason}")]
    public static partial void NotRenewed(ILogger logger, string reason);

    [LoggerMessage(15, LogLevel.Warning, "The process of {Node} is dead ({Reason}): it is removed at once")]
    public static partial void Dead(ILogger logger, string node, string reason);

    [LoggerMessage(16, LogLevel.Information, "Waiting {Milliseconds} ms for nodes that were removed before")]
    public static partial void Unsettled(ILogger logger, long milliseconds);

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "This node waits before it joins: it does not reach {Node}, which is a member or about to be one. Let through what goes to akka.remote.dot-netty.tcp.port between all nodes")]
    public static partial void OutOfReach(ILogger logger, string node);
}
