using Akka.Actor;
using Broker.Actors.Clustering;
using Broker.Actors.Clustering.Membership;

namespace Broker.Actors.Retained;

/// <summary>Asks the nodes whose writes a SUBSCRIBE must wait for; one that is gone has nothing on its way any more.</summary>
internal sealed class RetainedReads : UntypedActor
{
    private readonly Dictionary<long, Waiting> _byQuestion = [];
    private readonly ClusterMembers _members;
    private readonly RetainedGateway _gateway;
    private long _last;

    public RetainedReads(ClusterMembers members, RetainedGateway gateway) => (_members, _gateway) = (members, gateway);

    /// <inheritdoc/>
    protected override void PreStart() => _members.Subscribe(Self);

    /// <inheritdoc/>
    protected override void PostStop() => _members.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Await wait:
                Begin(wait);
                break;
            case RetainedProtocol.AllApplied answer:
                if (_byQuestion.TryGetValue(answer.Question, out var waiting))
                {
                    _gateway.Reached(waiting.Node, waiting.Number);
                }

                End(answer.Question);
                break;
            case MemberGone gone:
                foreach (var question in _byQuestion.Where(pair => pair.Value.Node == gone.Node.Uid).Select(static pair => pair.Key).ToArray())
                {
                    End(question);
                }

                break;
        }
    }

    private void Begin(Await wait)
    {
        var read = new Read(wait.Then);
        foreach (var (uid, number) in wait.Barriers.Open)
        {
            if (_members.Others.FirstOrDefault(node => node.Uid == uid) is { } node)
            {
                read.Outstanding++;
                _byQuestion.Add(++_last, new Waiting(uid, number, read));
                node.On(Context.System, NodeActors.RetainedCopy).Tell(new RetainedProtocol.WhenApplied(number, _last, Self));
            }
        }

        if (read.Outstanding == 0)
        {
            read.Then();
        }
    }

    private void End(long question)
    {
        if (_byQuestion.Remove(question, out var waiting) && --waiting.Read.Outstanding == 0)
        {
            waiting.Read.Then();
        }
    }

    /// <summary>Calls <paramref name="Then"/>, on some thread, once the writes of other nodes that are before the barriers are in this node's copy.</summary>
    internal sealed record Await(RetainedBarriers Barriers, Action Then);

    private sealed record Waiting(int Node, long Number, Read Read);

    private sealed class Read(Action then)
    {
        public Action Then { get; } = then;

        public int Outstanding { get; set; }
    }
}
