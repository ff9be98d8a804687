namespace Broker.Actors.Storage;

/// <summary>A row cannot be read: fails what needs it, not the node. The message names the row.</summary>
public sealed class CorruptRowException : StorageException
{
    /// <summary>Without a message nobody finds the row: prefer the others.</summary>
    public CorruptRowException()
    {
    }

    /// <param name="message">Which row, and what is wrong with it.</param>
    public CorruptRowException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which row, and what is wrong with it.</param>
    /// <param name="innerException">What went wrong.</param>
    public CorruptRowException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
