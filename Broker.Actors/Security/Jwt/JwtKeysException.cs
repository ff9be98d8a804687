namespace Broker.Actors.Security.Jwt;

/// <summary>Keys cannot be used. The message is for operators: where, what is wrong, and what to do; a stack trace adds nothing.</summary>
public class JwtKeysException : Exception
{
    /// <summary>Without a message there is nothing to act on: prefer the others.</summary>
    public JwtKeysException()
    {
    }

    /// <param name="message">Where, what is wrong, and what to do.</param>
    public JwtKeysException(string message)
        : base(message)
    {
    }

    /// <param name="message">Where, what is wrong, and what to do.</param>
    /// <param name="innerException">What the system said.</param>
    public JwtKeysException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
