using System.Collections.Concurrent;
using Akka.Actor;

namespace Broker.Specs.Actors;

/// <summary>An address whose messages a spec reads instead of an actor.</summary>
internal sealed class RecordingRef(string name = "recording") : MinimalActorRef
{
    /// <summary>What was told and not looked at, the oldest first.</summary>
    public ConcurrentQueue<object> Messages { get; } = new();

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();

    /// <summary>The next message, which is of this kind.</summary>
    public T Next<T>()
    {
        Messages.TryDequeue(out var message).Should().BeTrue("a {0} was expected", typeof(T).Name);
        return message.Should().BeOfType<T>().Which;
    }

    protected override void TellInternal(object message, IActorRef sender) => Messages.Enqueue(message);
}
