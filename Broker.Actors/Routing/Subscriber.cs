using System.Runtime.CompilerServices;

namespace Broker.Actors.Routing;

/// <summary>Who receives: compared by reference. A connection with a live session, or a durable session.</summary>
public abstract class Subscriber
{
    /// <summary>Whether a client is connected behind it; shared groups prefer those. Any thread.</summary>
    public abstract bool IsOnline { get; }

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
