namespace Broker.Actors.Security.Sources;

/// <summary>Rules cannot be used. The message is for operators: where, what is wrong, and what to do; a stack trace adds nothing.</summary>
public class AccessRulesException : Exception
{
    /// <summary>Without a message there is nothing to act on: prefer the others.</summary>
    public AccessRulesException()
    {
    }

    /// <param name="message">Where, what is wrong, and what to do.</param>
    public AccessRulesException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what is wrong, and what to do.</param>
    /// <param name="innerException">What the system said.</param>
    public AccessRulesException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
