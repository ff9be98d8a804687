using Akka.Actor;
using Broker.Actors.Routing;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// This node's link to another one: sends what the event loops hand over, in order and exactly once as the other node's <see cref="LinkReceiver"/> sees it,
/// and tells the publishers when it is taken.
/// </summary>
internal sealed class NodeLink : ReceiveActor, IWithTimers
{
    /// <summary>How often a silent node is thought of.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>After the node's removal: event loops may still hand over what a round had gathered.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1);

    private readonly List<SharedPick> _refused = [];
    private readonly int _self;
    private readonly RemoteNode _node;
    private readonly LinkSender _sender;
    private readonly IActorRef _receiver;
    private readonly Action<SharedPick> _pickAgain;

    /// <param name="self">The uid of this process.</param>
    /// <param name="node">The other node.</param>
    /// <param name="sender">Outlives a restart of this actor.</param>
    /// <param name="receiver">The other node's <see cref="LinkReceiver"/>.</param>
    /// <param name="pickAgain">Any thread: the member could not take it.</param>
    public NodeLink(int self, RemoteNode node, LinkSender sender, IActorRef receiver, Action<SharedPick> pickAgain)
    {
        _self = self;
        _node = node;
        _sender = sender;
        _receiver = receiver;
        _pickAgain = pickAgain;
        Receive<LinkLoad>(OnLoad);
        Receive<LinkWire.Taken>(OnTaken);
        Receive<Tick>(_ => OnTick());
        Receive<Gone>(_ => OnGone());
        Receive<Over>(_ => Context.Stop(Self));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);

    private void OnLoad(LinkLoad load)
    {
        _sender.Add(load);
        if (_node.IsGone)
        {
            Abandon();
        }
        else
        {
            SendNext();
        }
    }

    private void OnTaken(LinkWire.Taken taken)
    {
        if (taken.To != _self || taken.From != _node.Address.Uid || _node.IsGone)
        {
            return;
        }

        var before = _sender.Acknowledged;
        _sender.Acknowledge(taken.Sequence, taken.Refused, _refused);
        PickAgain();
        if (taken.Resend || (_sender.Acknowledged > before && _sender.TakeProbed()))
        {
            Resend(int.MaxValue);
        }

        SendNext();
    }

    private void OnTick()
    {
        if (!_node.IsGone && _sender.ShouldProbe())
        {
            Resend(1);
        }
    }

    private void OnGone()
    {
        Timers.Cancel(nameof(Tick));
        Timers.StartSingleTimer(nameof(Over), Over.Instance, Aftermath);
        Abandon();
    }

    private void SendNext()
    {
        while (_sender.TryNext(out var sequence, out var envelope))
        {
            Send(sequence, envelope);
        }
    }

    private void Resend(int most)
    {
        foreach (var (sequence, envelope) in _sender.Unacknowledged().Take(most))
        {
            Send(sequence, envelope);
        }
    }

    private void Send(long sequence, LinkEnvelope envelope) => _receiver.Tell(new LinkWire.Batch(
        _self, _node.Address.Uid, sequence, _sender.Acknowledged, [.. envelope.Loads.Select(static load => (ReadOnlyMemory<byte>)load.Content)]));

    private void Abandon()
    {
        _sender.Abandon(_refused);
        PickAgain();
    }

    private void PickAgain()
    {
        foreach (var pick in _refused)
        {
            _pickAgain(pick);
        }

        _refused.Clear();
    }

    /// <summary>The node was removed from the cluster.</summary>
    internal sealed class Gone
    {
        public static Gone Instance { get; } = new();
    }

    private sealed class Tick : INotInfluenceReceiveTimeout
    {
        public static Tick Instance { get; } = new();
    }

    private sealed class Over
    {
        public static Over Instance { get; } = new();
    }
}
