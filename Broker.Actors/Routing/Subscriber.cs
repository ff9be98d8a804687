using System.Runtime.CompilerServices;

namespace Broker.Actors.Routing;

/// <summary>Who receives: compared by reference. A connection with a live session, or a durable session.</summary>
public abstract class Subscriber
{
    /// <summary>Whether a client is connected behind it; shared groups prefer those. Any thread.</summary>
    public abstract bool IsOnline { get; }

    /// <summary>Whether this is a session of this node that ends with its connection. Never changes.</summary>
    internal virtual bool IsLive => false;

    /// <summary>Whether this stands for subscriptions that other nodes count. Never changes.</summary>
    internal virtual bool IsElsewhere => false;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
