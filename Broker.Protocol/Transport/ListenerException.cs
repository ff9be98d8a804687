namespace Broker.Protocol.Transport;

/// <summary>
/// A listener cannot start. The message is for the operator: the key, its value, what is wrong and what to do.
/// </summary>
public sealed class ListenerException : Exception
{
    /// <summary>With a message that can be shown as it is.</summary>
    public ListenerException(string message)
        : base(message)
    {
    }

    /// <summary>With a message that can be shown as it is, and what the system said.</summary>
    public ListenerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
