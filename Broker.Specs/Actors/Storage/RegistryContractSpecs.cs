using Broker.Actors.Storage;
using Broker.Actors.Storage.Sql;
using Broker.Actors.Storage.Sql.Writing;

namespace Broker.Specs.Actors.Storage;

/// <summary>What every database promises about nodes and leases.</summary>
public abstract class RegistryContractSpecs : StoreSpecs
{
    private const string Address = "akka.tcp://mqtt@10.0.0.4:4053";

    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    private protected SqlLeases Leases => new(SqlDialects.Create(Options));

    [Fact]
    public async Task Nodes_that_start_together_get_a_number_each()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(1, 5).Select(uid => RegisterAsync(uid, $"{Address}{uid}")));

        nodes.Select(node => node.Self.Key).Should().OnlyHaveUniqueItems();
        (await nodes[0].ReadAsync(default)).Select(node => node.Registration.Uid).Should().Contain([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task One_of_those_that_start_together_forms_the_cluster()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(1, 5).Select(uid => RegisterAsync(uid, $"{Address}{uid}")));

        var answers = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.TryFormAsync([], default))));

        answers.Should().ContainSingle(answer => answer);
        (await nodes[0].ReadAsync(default)).Should().ContainSingle(node => node.IsMember);
    }

    [Fact]
    public async Task Nobody_forms_a_second_cluster_beside_a_member_that_has_renewed()
    {
        var member = await RegisterAsync(1);
        await member.EnterAsync(default);
        var newcomer = await RegisterAsync(2, Address + "5");
        var seen = (await newcomer.ReadAsync(default)).Where(node => node.IsMember).ToList();
        await UntilAsync(async () => await member.RenewAsync(default) && (await newcomer.ReadAsync(default)).Single(node => node.IsMember).RenewedAt > seen[0].RenewedAt);

        (await newcomer.TryFormAsync(seen, default)).Should().BeFalse();
        (await member.RenewAsync(default)).Should().BeTrue();
    }

    [Fact]
    public async Task Who_forms_a_cluster_without_a_silent_member_revokes_it()
    {
        var silent = await RegisterAsync(1);
        await silent.EnterAsync(default);
        var newcomer = await RegisterAsync(2, Address + "5");

        (await newcomer.TryFormAsync([.. (await newcomer.ReadAsync(default)).Where(node => node.IsMember)], default)).Should().BeTrue();

        (await silent.RenewAsync(default)).Should().BeFalse();
        (await newcomer.UnsettledAsync(default)).Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Revoking_a_process_leaves_its_successor_under_the_address_alone()
    {
        await RegisterAsync(1);
        var successor = await RegisterAsync(2);

        (await Store.Registry.RevokeAsync(Address, 1, isStopped: false, default)).Should().Be(TimeSpan.Zero, "the address has a new owner: the process is gone");

        (await successor.RenewAsync(default)).Should().BeTrue();
    }

    [Fact]
    public async Task A_revoked_node_counts_until_it_confirms()
    {
        var node = await RegisterAsync(1);

        (await Store.Registry.RevokeAsync(Address, 1, isStopped: false, default)).Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(INodeRegistry.Validity);
        (await Store.Registry.RevokeAsync(Address, 1, isStopped: false, default)).Should().BeGreaterThan(TimeSpan.Zero, "a second member may ask as well");
        await node.ConfirmAsync(default);

        (await Store.Registry.RevokeAsync(Address, 1, isStopped: false, default)).Should().Be(TimeSpan.Zero);
        (await Store.Registry.UnsettledAsync(default)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_process_that_is_known_to_be_dead_counts_no_more()
    {
        await RegisterAsync(1);

        (await Store.Registry.RevokeAsync(Address, 1, isStopped: true, default)).Should().Be(TimeSpan.Zero);
        (await Store.Registry.UnsettledAsync(default)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task Of_two_that_revoke_each_other_one_stays()
    {
        var (one, two) = (await RegisterAsync(1), await RegisterAsync(2, Address + "5"));

        await Task.WhenAll(TryAsync(one, Address + "5", 2), TryAsync(two, Address, 1));

        new[] { await one.RenewAsync(default), await two.RenewAsync(default) }.Should().ContainSingle(stays => stays);

        async Task TryAsync(SqlNodeRegistry registry, string address, int uid)
        {
            while (true)
            {
                try
                {
                    await Task.Run(() => registry.RevokeAsync(address, uid, isStopped: false, default));
                    return;
                }
                catch (RevokedException)
                {
                    return;
                }
                catch (System.Data.Common.DbException)
                {
                    // The database has broken the deadlock: this one tries again, and finds itself revoked.
                }
            }
        }
    }

    [Fact]
    public async Task A_lease_has_one_owner_and_a_term_for_each()
    {
        var (one, two) = (await RegisterAsync(1), await RegisterAsync(2, Address + "5"));
        var first = await Leases.AcquireAsync("a", one.Self.Key, Validity, default);
        first.Term.Should().Be(1);

        var refused = await Leases.AcquireAsync("a", two.Self.Key, Validity, default);

        (refused.Term, refused.IsRevoked).Should().Be(((long?)null, false));
        (await Leases.AcquireAsync("a", one.Self.Key, Validity, default)).Term.Should().Be(1);
        await Leases.ReleaseAsync("a", one.Self.Key, 1, default);
        (await Leases.AcquireAsync("a", two.Self.Key, Validity, default)).Term.Should().Be(2);
    }

    [Fact]
    public async Task An_owner_that_comes_back_late_finds_its_term_over()
    {
        var (one, two) = (await RegisterAsync(1), await RegisterAsync(2, Address + "5"));
        (await Leases.AcquireAsync("a", one.Self.Key, TimeSpan.Zero, default)).Term.Should().Be(1);
        (await Leases.AcquireAsync("a", two.Self.Key, Validity, default)).Term.Should().Be(2);

        (await Leases.RenewAsync("a", one.Self.Key, 1, Validity, default)).Should().BeFalse();
        await Leases.ReleaseAsync("a", one.Self.Key, 1, default);

        (await Leases.RenewAsync("a", two.Self.Key, 2, Validity, default)).Should().BeTrue();
    }

    [Fact]
    public async Task A_revoked_node_gets_no_lease_and_keeps_none()
    {
        var (one, two) = (await RegisterAsync(1), await RegisterAsync(2, Address + "5"));
        await Leases.AcquireAsync("a", one.Self.Key, Validity, default);
        await two.RevokeAsync(Address, 1, isStopped: false, default);

        (await Leases.RenewAsync("a", one.Self.Key, 1, Validity, default)).Should().BeFalse();
        (await Leases.AcquireAsync("a", one.Self.Key, Validity, default)).IsRevoked.Should().BeTrue();
        (await Leases.AcquireAsync("a", two.Self.Key, Validity, default)).Term.Should().Be(2);
    }

    [Fact]
    public async Task Of_many_that_want_a_lease_at_once_one_gets_it()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(1, 5).Select(uid => RegisterAsync(uid, $"{Address}{uid}")));

        var answers = await Task.WhenAll(nodes.Select(node => Task.Run(() => Leases.AcquireAsync("b", node.Self.Key, Validity, default))));

        answers.Should().ContainSingle(answer => answer.Term == 1);
    }

    private async Task<SqlNodeRegistry> RegisterAsync(int uid, string address = Address)
    {
        var registry = new SqlNodeRegistry(SqlDialects.Create(Options));
        await registry.RegisterAsync(address, uid, CancellationToken.None);
        return registry;
    }
}
