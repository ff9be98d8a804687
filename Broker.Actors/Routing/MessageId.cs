namespace Broker.Actors.Routing;

/// <summary>
/// Identifies an application message across resends (exactly once, hard case 4): who numbered it and its number there, which only grows.
/// </summary>
/// <param name="Origin">An incarnation of the publishing session, or of a node.</param>
/// <param name="Number">1 and up; 0 in the default value, which identifies nothing.</param>
public readonly record struct MessageId(long Origin, long Number)
{
    /// <summary>Whether this identifies a message.</summary>
    public bool IsSet => Number != 0;
}
