using DotNetty.Transport.Channels;

namespace Broker.Protocol.Transport.Channels;

/// <summary>Finds what happened below the exceptions that DotNetty and tasks wrap around it.</summary>
internal static class Failures
{
    /// <summary>Null where the connection was merely closed.</summary>
    public static Exception? Cause(Exception exception)
    {
        Exception current = exception;
        while (current is AggregateException or ClosedChannelException)
        {
            if (current.InnerException is null)
            {
                return current is ClosedChannelException ? null : current;
            }

            current = current.InnerException;
        }

        return current;
    }

    /// <summary>The exception that says most: the one at the bottom.</summary>
    public static Exception Innermost(Exception exception)
    {
        Exception current = exception;
        while (current.InnerException is { } inner)
        {
            current = inner;
        }

        return current;
    }
}
