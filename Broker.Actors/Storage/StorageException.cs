namespace Broker.Actors.Storage;

/// <summary>The store cannot do what it was asked. The message is for operators: what is wrong, where, and what to do; a stack trace adds nothing.</summary>
public class StorageException : Exception
{
    /// <summary>Without a message there is nothing to act on: prefer the others.</summary>
    public StorageException()
    {
    }

    /// <param name="message">What is wrong, where, and what to do.</param>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">What the database said.</param>
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
