using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Discovery;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql.Reading;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Clustering.Membership;

/// <summary>
/// Brings this node into a cluster: it joins the members that it finds, and where the registry shows none, one of the nodes that start forms a new one.
/// </summary>
internal sealed class ClusterFormation(Cluster cluster, INodeRegistry registry, ClusterOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    private readonly FormationPlan _plan = new(registry.Self.Key, time);
    private readonly ImmutableArray<Address> _seeds = [.. options.SeedNodes.Select(Address.Parse)];
    private ImmutableHashSet<Address> _asked = [];
    private Address? _unreached;
    private string _problem = "";
    private bool _hasFormed;

    /// <summary>Seed nodes are the operator's word: the first of them forms the cluster, and no other.</summary>
    private bool MayForm => _seeds.IsEmpty || _seeds[0].Equals(cluster.SelfAddress);

    /// <summary>Returns when this node is up and the registry shows it as a member.</summary>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        while (!up.Task.IsCompleted)
        {
            await TryAsync(LookAsync, cancellation).ConfigureAwait(false);
            await Task.WhenAny(up.Task, Task.Delay(Interval, time, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }

        while (!await TryAsync(registry.EnterAsync, cancellation).ConfigureAwait(false))
        {
            await Task.Delay(Interval, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> step, CancellationToken cancellation)
    {
        try
        {
            await step(cancellation).ConfigureAwait(false);
            _problem = "";
            return true;
        }
        catch (Exception problem) when (Guard.IsAway(problem) && !cancellation.IsCancellationRequested)
        {
            if (_problem != problem.Message)
            {
                MembershipLog.CannotLook(logger, _problem = problem.Message);
            }

            return false;
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (_hasFormed)
        {
            return;
        }

        var nodes = await registry.ReadAsync(cancellation).ConfigureAwait(false);
        var (live, silent) = _plan.Look(nodes);
        if (live.IsEmpty && MayForm)
        {
            await FormAsync(silent, cancellation).ConfigureAwait(false);
            return;
        }

        var members = live.Select(static node => Address.Parse(node.Registration.Address)).ToHashSet();
        var targets = members.Concat(_seeds).ToHashSet();
        targets.UnionWith(await DiscoverAsync().ConfigureAwait(false));
        targets.Remove(cluster.SelfAddress);
        if (targets.Count == 0 || _asked.SetEquals(targets))
        {
            return;
        }

        var ahead = _plan.FindAhead(nodes).Select(static node => Address.Parse(node.Registration.Address));
        if (await FindUnreachedAsync([.. members, .. ahead], cancellation).ConfigureAwait(false) is { } unreached)
        {
            // By way of the others it would be let in, and both be downed, as long as the link between the two is cut.
            if (!Equals(_unreached, unreached))
            {
                MembershipLog.OutOfReach(logger, $"{unreached}");
            }

            _unreached = unreached;
            return;
        }

        _unreached = null;
        _asked = [.. targets];
        MembershipLog.Joining(logger, string.Join(", ", _asked));
        cluster.JoinSeedNodes(_asked);
    }

    private static async Task<Address?> FindUnreachedAsync(IReadOnlyCollection<Address> members, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(members.Select(async member =>
            (Member: member, Answer: await PortProbe.AskAsync(member, ProbeTimeout, cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
        return answers.FirstOrDefault(static one => one.Answer == PortAnswer.Silent).Member;
    }

    private async Task FormAsync(ImmutableArray<RegisteredNode> silent, CancellationToken cancellation)
    {
        if (!await registry.TryFormAsync(silent, cancellation).ConfigureAwait(false))
        {
            return;
        }

        if (!silent.IsEmpty)
        {
            MembershipLog.GivenUp(logger, (int)INodeRegistry.Validity.TotalSeconds, string.Join(", ", silent.Select(node => node.Registration.Address)));
        }

        _hasFormed = true;
        MembershipLog.Forming(logger);
        cluster.Join(cluster.SelfAddress);
    }

    /// <summary>What DNS or a list says; the registry itself has been read already.</summary>
    private async Task<IEnumerable<Address>> DiscoverAsync()
    {
        if (!_seeds.IsEmpty || options.Discovery is DiscoveryMethod.None or DiscoveryMethod.Sql)
        {
            return [];
        }

        var method = options.Discovery == DiscoveryMethod.Dns ? "mqtt-dns" : "config";
        try
        {
            var found = await Discovery.Get(cluster.System).LoadServiceDiscovery(method).Lookup(options.ServiceName, LookupTimeout).ConfigureAwait(false);
            var self = cluster.SelfAddress;
            return found.Addresses.Select(target => new Address(self.Protocol, self.System, target.Address?.ToString() ?? target.Host, target.Port ?? self.Port));
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            if (_problem != problem.Message)
            {
                MembershipLog.CannotDiscover(logger, method, _problem = problem.Message);
            }

            return [];
        }
    }
}
