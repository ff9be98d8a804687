using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering;
using Broker.Actors.Hosting;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Actors.Tracing;

namespace Broker.Actors.Inspection;

/// <summary>
/// What operators see of clients, sessions and messages in the whole cluster, and may do to them, from this node. Any thread. A member that does not answer is
/// named, and waited for no longer than a few seconds.
/// </summary>
public sealed class NodeInspection
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system;
    private readonly Cluster _cluster;
    private readonly NodeParts _parts;
    private readonly IStoreReader _reader;

    private NodeInspection(ActorSystem system, NodeParts parts, IStoreReader reader)
    {
        _system = system;
        _cluster = Cluster.Get(system);
        _parts = parts;
        _reader = reader;
    }

    /// <summary>Starts this node's part.</summary>
    internal static NodeInspection Start(
        ActorSystem system, NodeParts parts, IStoreReader reader, Func<Readiness> readiness, Func<IReadOnlyList<BoundListener>> listeners, Func<string, string, string?> setLimit)
    {
        var self = Cluster.Get(system).SelfUniqueAddress;
        var local = new LocalInspection(parts, self, readiness, listeners);
        system.ActorOf(Props.Create(() => new InspectionActor(self, local, setLimit)), NodeActors.Inspection);
        return new NodeInspection(system, parts, reader);
    }

    /// <summary>The members, as each tells of itself.</summary>
    public Task<Page<NodeRow>> NodesAsync(PageRequest page, CancellationToken cancellation) =>
        ListAsync(InspectionList.Nodes, page, InspectionJson.Default.NodeRow, cancellation);

    /// <summary>This node.</summary>
    public async Task<NodeRow> NodeAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync<InspectionProtocol.Answer>(_cluster.SelfUniqueAddress, new InspectionProtocol.Query(InspectionList.Nodes, new PageRequest()), cancellation).ConfigureAwait(false);
        return JsonSerializer.Deserialize(answer!.Rows[0], InspectionJson.Default.NodeRow)!;
    }

    /// <summary>Clients that are connected to any node.</summary>
    public Task<Page<ClientRow>> ClientsAsync(PageRequest page, CancellationToken cancellation) =>
        ListAsync(InspectionList.Clients, page, InspectionJson.Default.ClientRow, cancellation);

    /// <summary>Listeners of all nodes.</summary>
    public Task<Page<ListenerRow>> ListenersAsync(PageRequest page, CancellationToken cancellation) =>
        ListAsync(InspectionList.Listeners, page, InspectionJson.Default.ListenerRow, cancellation);

    /// <summary>Subscriptions of all sessions: those that end with their connection are known to its node alone, durable ones to every node.</summary>
    public async Task<Page<SubscriptionRow>> SubscriptionsAsync(PageRequest page, CancellationToken cancellation)
    {
        var live = AskAllAsync(InspectionList.LiveSubscriptions, page, InspectionJson.Default.SubscriptionRow, cancellation);
        var durable = RouteWalk.Subscriptions(_parts.Context.Routes.Tree, page, static session => session.IsDurable);
        var (shares, missing) = await live.ConfigureAwait(false);
        return PageMerge.Merge([.. shares, durable], page.Limit, missing);
    }

    /// <summary>Where this node sends what a filter matches.</summary>
    public Page<RouteRow> Routes(PageRequest page) => PageMerge.Merge([RouteWalk.Routes(_parts.Context.Routes.Tree, page)], page.Limit, []);

    /// <summary>Shared groups, as this node picks from them.</summary>
    public Page<GroupRow> Groups(PageRequest page) => PageMerge.Merge([RouteWalk.Groups(_parts.Context.Routes.Tree, page)], page.Limit, []);

    /// <summary>Sessions that outlive their connection, from the database.</summary>
    /// <exception cref="StorageException">It does not answer.</exception>
    public async Task<Page<SessionRow>> SessionsAsync(PageRequest page, CancellationToken cancellation)
    {
        var known = _parts.Context.DurableSubscribers.All.ToDictionary(static subscriber => subscriber.ClientId, StringComparer.Ordinal);
        var collector = new PageCollector<SessionRow>(page);
        await foreach (var (_, clientId) in _reader.ReadSessionsAsync(cancellation).ConfigureAwait(false))
        {
            if (page.WantsClient(clientId) && page.Wants(clientId))
            {
                collector.Add(clientId, () => Row(clientId, known.GetValueOrDefault(clientId)));
            }
        }

        return PageMerge.Merge([collector.Take()], page.Limit, []);
    }

    /// <summary>A session, durable or not, as its owner tells of it; null: there is none, or its owner does not answer.</summary>
    public async Task<SessionDescription?> SessionAsync(string clientId, CancellationToken cancellation) =>
        (await AskSessionAsync<SessionProtocol.Described>(asker => new SessionProtocol.Describe(clientId, asker), cancellation).ConfigureAwait(false))?.Session;

    /// <summary>Retained messages whose topics match a filter, <c>#</c> for all but those under <c>$SYS</c>.</summary>
    public Page<RetainedRow> Retained(string filter, PageRequest page)
    {
        var found = new List<RetainedMessage>();
        _parts.Context.RetainedCopy.Collect(filter, found);
        var collector = new PageCollector<RetainedRow>(page);
        foreach (var (publication, _, _) in found)
        {
            if (!publication.IsExpired(_parts.Context.UtcNow) && page.Wants(publication.Topic))
            {
                collector.Add(publication.Topic, () => Row(publication));
            }
        }

        return PageMerge.Merge([collector.Take()], page.Limit, []);
    }

    /// <summary>A topic's retained message and its payload, or null.</summary>
    public (RetainedRow Row, ReadOnlyMemory<byte> Payload)? RetainedMessage(string topic) =>
        _parts.Context.RetainedCopy.Get(topic)?.Publication is { } publication && !publication.IsExpired(_parts.Context.UtcNow) ? (Row(publication), publication.Payload) : null;

    /// <summary>Ends the connection of a client, wherever it is; its session stays. Answers how many there were.</summary>
    public async Task<int> KickAsync(string clientId, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Members().Select(node => AskAsync<InspectionProtocol.Kicked>(node, new InspectionProtocol.Kick(clientId), cancellation))).ConfigureAwait(false);
        return answers.Sum(static answer => answer?.Count ?? 0);
    }

    /// <summary>Ends a session, and the connection that it may have. False: its owner did not answer.</summary>
    public async Task<bool> DeleteSessionAsync(string clientId, CancellationToken cancellation) =>
        await AskSessionAsync<Status.Success>(asker => new SessionProtocol.Discard(clientId, asker), cancellation).ConfigureAwait(false) is not null;

    /// <summary>Publishes a message. True: everyone who must have it has taken it; false: not within a few seconds.</summary>
    public async Task<bool> PublishAsync(Publication publication, CancellationToken cancellation)
    {
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _parts.Publish(publication, accepted.SetResult);
        try
        {
            await accepted.Task.WaitAsync(AnswerTimeout, _parts.Context.Time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// What happens to a client or to messages, from now on and on whichever node, until the time is up. Whoever reads slowly is told how many lines were left out.
    /// </summary>
    /// <exception cref="ArgumentException">The request has a <see cref="TraceRequest.Problem"/>.</exception>
    public IAsyncEnumerable<TraceLine> TraceAsync(TraceRequest request, CancellationToken cancellation) => request.Problem is { } problem
        ? throw new ArgumentException(problem, nameof(request))
        : new ClusterTrace(_system, request, _parts.Context.Time).RunAsync(cancellation);

    /// <summary>Changes one of <c>mqtt.limits</c> until a node starts again, on this node or on every member.</summary>
    /// <param name="name">Below <c>mqtt.limits</c>.</param>
    /// <param name="value">As in a file of settings.</param>
    /// <param name="onAllNodes">On every member.</param>
    /// <param name="cancellation">Who asks wants to know no more.</param>
    public async Task<LimitChange> SetLimitAsync(string name, string value, bool onAllNodes, CancellationToken cancellation)
    {
        var (change, changed, refused, missing) = (new InspectionProtocol.SetLimit(name, value), new List<string>(), new Dictionary<string, string>(), new List<string>());
        var nodes = onAllNodes ? Members() : [_cluster.SelfUniqueAddress];
        var answers = await Task.WhenAll(nodes.Select(node => AskAsync<InspectionProtocol.LimitSet>(node, change, cancellation))).ConfigureAwait(false);
        for (var i = 0; i < answers.Length; i++)
        {
            var node = nodes[i].Address.ToString();
            if (answers[i] is not { } answer)
            {
                missing.Add(node);
            }
            else if (answer.Problem is { } problem)
            {
                refused.Add(node, problem);
            }
            else
            {
                changed.Add(node);
            }
        }

        return new LimitChange(name, value, changed, refused, missing);
    }

    /// <summary>What keeps a topic from being published to, or null: it may be.</summary>
    public string? TopicProblem(string topic) => TopicLimits.Problem(topic, _parts.Context.Limits);

    private SessionRow Row(string clientId, SessionSubscriber? subscriber)
    {
        var node = subscriber?.Connection is not null ? _cluster.SelfAddress : subscriber?.Home?.Node.Address.Address;
        return new SessionRow(clientId, node is not null, node?.ToString());
    }

    private static RetainedRow Row(Publication publication) => new(
        publication.Topic,
        (int)publication.QoS,
        publication.Payload.Length,
        publication.ExpiresAt == Publication.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(publication.ExpiresAt));

    private async Task<Page<T>> ListAsync<T>(InspectionList list, PageRequest page, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : IInspectionRow
    {
        var (shares, missing) = await AskAllAsync(list, page, type, cancellation).ConfigureAwait(false);
        return PageMerge.Merge(shares, page.Limit, missing);
    }

    private async Task<(List<PageShare<T>> Shares, List<string> Missing)> AskAllAsync<T>(InspectionList list, PageRequest page, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : IInspectionRow
    {
        var query = new InspectionProtocol.Query(list, page);
        var members = Members();
        var answers = await Task.WhenAll(members.Select(node => AskAsync<InspectionProtocol.Answer>(node, query, cancellation))).ConfigureAwait(false);
        var shares = new List<PageShare<T>>();
        var missing = new List<string>();
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is { } answer)
            {
                shares.Add(new PageShare<T>([.. answer.Rows.Select(row => JsonSerializer.Deserialize(row, type)!)], answer.Total, answer.HasMore));
            }
            else
            {
                missing.Add(members[i].Address.ToString());
            }
        }

        return (shares, missing);
    }

    private List<UniqueAddress> Members() => [.. _cluster.State.Members.Select(static member => member.UniqueAddress)];

    /// <summary>Null: no answer in time, as from a node that is frozen, or runs a version that does not know the question.</summary>
    private async Task<T?> AskAsync<T>(UniqueAddress node, object question, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await node.On(_system, NodeActors.Inspection).Ask<T>(question, AnswerTimeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private async Task<T?> AskSessionAsync<T>(Func<IActorRef, object> question, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await _parts.Context.Sessions.Ask<T>(question, AnswerTimeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
