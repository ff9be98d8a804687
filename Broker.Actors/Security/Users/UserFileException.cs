namespace Broker.Actors.Security.Users;

/// <summary>A password file is not usable. The message is for operators: which file and line, what is wrong, and what to do; a stack trace adds nothing.</summary>
public class UserFileException : Exception
{
    /// <summary>Without a message there is nothing to act on: prefer the others.</summary>
    public UserFileException()
    {
    }

    /// <param name="message">Which file and line, what is wrong, and what to do.</param>
    public UserFileException(string message)
        : base(message)
    {
    }

    /// <param name="message">Which file, what is wrong, and what to do.</param>
    /// <param name="innerException">What the system said.</param>
    public UserFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
