using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace Broker.Actors.Clustering.Operations;

/// <summary>What operators see of the cluster and may do to it, from this node. Any thread.</summary>
public sealed class ClusterOperations
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system;
    private readonly Cluster _cluster;
    private readonly PrimaryView _primary;

    internal ClusterOperations(ActorSystem system, PrimaryView primary)
    {
        _system = system;
        _cluster = Cluster.Get(system);
        _primary = primary;
    }

    /// <summary>Who is primary.</summary>
    public HaStatus Ha => _primary.Report is { } report
        ? new HaStatus(
            report.Primary.Equals(_cluster.SelfUniqueAddress), report.Primary.Address.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(report.Since), report.Term)
        : new HaStatus(IsPrimary: false, null, null, null);

    /// <summary>The members, as this node sees them.</summary>
    public MembersStatus Members
    {
        get
        {
            var state = _cluster.State;
            var oldest = state.Members.Where(static member => member.Status == MemberStatus.Up).Aggregate(
                (Member?)null, static (oldest, member) => oldest is null || member.IsOlderThan(oldest) ? member : oldest);
            return new MembersStatus(
                _cluster.SelfAddress.ToString(),
                [.. state.Members.Select(Status)],
                [.. state.Unreachable.Select(member => new UnreachableStatus(member.Address.ToString(), []))],
                state.Leader?.ToString(),
                oldest?.Address.ToString());
        }
    }

    /// <summary>One member, by its address or the part behind the protocol; null: there is none.</summary>
    public MemberDescription? Find(string address) => FindMember(address) is { } member ? Status(member) : null;

    /// <summary>The member drains, leaves the cluster, and its process ends. Null: there is none with this address; else the full one.</summary>
    public string? Leave(string address)
    {
        if (FindMember(address) is not { } member)
        {
            return null;
        }

        member.UniqueAddress.On(_system, NodeActors.Operations).Tell(LeaveRequest.Instance, ActorRefs.NoSender);
        return member.Address.ToString();
    }

    /// <summary>The member is taken out without being asked: for one that is dead. Null: there is none with this address; else the full one.</summary>
    public string? Down(string address)
    {
        if (FindMember(address) is not { } member)
        {
            return null;
        }

        _cluster.Down(member.Address);
        return member.Address.ToString();
    }

    /// <summary>The shards of a region that are on this node, and how many entities each has; null: there is no such region, or it did not answer in time.</summary>
    public async Task<IReadOnlyList<ShardStatus>?> ShardsAsync(string region, CancellationToken cancellation)
    {
        if (!ClusterSharding.Get(_system).ShardTypeNames.Contains(region))
        {
            return null;
        }

        try
        {
            var state = await ClusterSharding.Get(_system).ShardRegion(region)
                .Ask<CurrentShardRegionState>(GetShardRegionState.Instance, AnswerTimeout, cancellation).ConfigureAwait(false);
            return [.. state.Shards.Select(static shard => new ShardStatus(shard.ShardId, shard.EntityIds.Count))];
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private static MemberDescription Status(Member member) => new(
        member.Address.ToString(),
        member.UniqueAddress.Uid.ToString(CultureInfo.InvariantCulture),
        member.Status.ToString(),
        [.. member.Roles.Order(StringComparer.Ordinal)]);

    private Member? FindMember(string address) => _cluster.State.Members.FirstOrDefault(
        member => member.Address.ToString() == address || member.Address.HostPort() == address);
}
