using Akka.Actor;

namespace Broker.Specs.Actors.Clustering;

/// <summary>The way to another node's actor, on which a spec loses, doubles or holds messages.</summary>
internal sealed class FaultyWire(string name) : MinimalActorRef
{
    private readonly Lock _gate = new();
    private readonly List<(object Message, IActorRef Sender)> _held = [];
    private IActorRef _target = ActorRefs.Nobody;
    private Func<object, Fault> _faults = static _ => Fault.None;

    internal enum Fault
    {
        None,
        Lost,
        Doubled,
        Held,
    }

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / name;

    public override IActorRefProvider Provider => throw new NotSupportedException();

    /// <summary>All that was told, the lost ones too.</summary>
    public List<object> Log { get; } = [];

    /// <summary>Where answers to it go; null: to the sender itself.</summary>
    public IActorRef? AnswersBy { get; set; }

    public IActorRef Target
    {
        set
        {
            lock (_gate)
            {
                _target = value;
            }
        }
    }

    /// <summary>What happens to each message from now on.</summary>
    public void Set(Func<object, Fault> faults)
    {
        lock (_gate)
        {
            _faults = faults;
        }
    }

    /// <summary>Brings what was held, in another order where asked.</summary>
    public void Release(bool reversed = false)
    {
        lock (_gate)
        {
            _faults = static _ => Fault.None;
            if (reversed)
            {
                _held.Reverse();
            }

            foreach (var (message, sender) in _held)
            {
                _target.Tell(message, sender);
            }

            _held.Clear();
        }
    }

    public int Count<T>()
    {
        lock (_gate)
        {
            return Log.OfType<T>().Count();
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        lock (_gate)
        {
            Log.Add(message);
            sender = AnswersBy ?? sender;
            switch (_faults(message))
            {
                case Fault.None:
                    _target.Tell(message, sender);
                    break;
                case Fault.Doubled:
                    _target.Tell(message, sender);
                    _target.Tell(message, sender);
                    break;
                case Fault.Held:
                    _held.Add((message, sender));
                    break;
            }
        }
    }
}
