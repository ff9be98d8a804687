using Broker.Actors.Clustering.Operations;
using Broker.Actors.Draining;
using Broker.Actors.Hosting;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Clustering.Operations;
using Broker.Specs.Actors.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Actors.Draining;

/// <summary>A node goes in order: its turn, not ready, the wait, clients at the rate.</summary>
public class DrainSpecs
{
    private readonly TestBroker _broker = new();
    private readonly PrimaryView _primary = new();
    private readonly List<DrainState> _states = [];
    private int _others = 2;
    private bool _isReady = true;

    [Fact]
    public async Task It_serves_until_it_is_its_turn_then_it_is_not_ready_and_waits()
    {
        var drain = Drain(new DrainOptions { Wait = TimeSpan.FromSeconds(15), TurnWait = TimeSpan.FromMinutes(10) });
        var preparing = drain.PrepareAsync(() => _isReady = false, CancellationToken.None);
        _isReady.Should().BeTrue();
        _states.Should().Equal(DrainState.Waiting);

        _primary.Apply(new PrimaryReport(Nodes.Number(2), 1, 0, Turn: Nodes.Number(1), 3, 3, default));
        await UntilAsync(() => !_isReady);
        _states.Should().Equal(DrainState.Waiting, DrainState.Draining);
        preparing.IsCompleted.Should().BeFalse();

        _broker.Time.Advance(TimeSpan.FromSeconds(15));
        await preparing.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task By_itself_it_waits_for_nobody_and_says_that_the_server_stops()
    {
        _others = 0;
        var client = _broker.Connect("c");
        var drain = Drain(new DrainOptions { Wait = TimeSpan.FromHours(1), TurnWait = TimeSpan.FromHours(1), Rate = 1 });

        await drain.PrepareAsync(() => _isReady = false, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        var moving = drain.MoveClientsAsync(_broker.Context.Directory, CancellationToken.None);
        _broker.Run();

        client.Next<DisconnectPacket>().ReasonCode.Should().Be(ReasonCode.ServerShuttingDown);
        await LetGoAsync(moving);
    }

    [Fact]
    public async Task Clients_are_moved_at_the_rate()
    {
        var clients = Enumerable.Range(0, 30).Select(number => _broker.Connect($"c{number}")).ToList();
        var drain = Drain(new DrainOptions { Rate = 10 });
        await drain.PrepareAsync(() => _isReady = false, CancellationToken.None);

        var moving = drain.MoveClientsAsync(_broker.Context.Directory, CancellationToken.None);
        await PassAsync(() => Told(clients), 1);
        for (var second = 1; second <= 2; second++)
        {
            _broker.Time.Advance(TimeSpan.FromSeconds(1));
            await PassAsync(() => Told(clients), 1 + (second * 10));
        }

        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        await PassAsync(() => Told(clients), 30);
        await LetGoAsync(moving);
    }

    [Fact]
    public async Task Those_that_are_left_at_the_deadline_go_at_once()
    {
        var clients = Enumerable.Range(0, 30).Select(number => _broker.Connect($"c{number}")).ToList();
        var drain = Drain(new DrainOptions { Rate = 1, Deadline = TimeSpan.FromSeconds(3) });
        await drain.PrepareAsync(() => _isReady = false, CancellationToken.None);
        var moving = drain.MoveClientsAsync(_broker.Context.Directory, CancellationToken.None);

        _broker.Time.Advance(TimeSpan.FromSeconds(3));

        await PassAsync(() => Told(clients), 30);
        await LetGoAsync(moving);
    }

    [Fact]
    public async Task A_drain_that_must_be_done_in_half_a_minute_waits_for_nobody_any_more()
    {
        var clients = Enumerable.Range(0, 30).Select(number => _broker.Connect($"c{number}")).ToList();
        var drain = Drain(new DrainOptions { Wait = TimeSpan.FromMinutes(5), TurnWait = TimeSpan.FromMinutes(10), Rate = 1 });
        var preparing = drain.PrepareAsync(() => _isReady = false, CancellationToken.None);
        preparing.IsCompleted.Should().BeFalse();

        drain.Hasten(TimeSpan.FromSeconds(30));

        await preparing.WaitAsync(TimeSpan.FromSeconds(30));
        _isReady.Should().BeFalse();
        var moving = drain.MoveClientsAsync(_broker.Context.Directory, CancellationToken.None);
        await PassAsync(() => Told(clients), 30);
        await LetGoAsync(moving);
    }

    private Drain Drain(DrainOptions options)
    {
        Drain drain = null!;
        return drain = new Drain(options, _primary, Nodes.Number(1), _broker.Time, NullLogger.Instance)
        {
            Others = () => _others,
            Changed = () => _states.Add(drain.State),
        };
    }

    private int Told(List<FakeChannel> clients) => clients.Count(client => client.IsClosed);

    private async Task PassAsync(Func<int> told, int expected)
    {
        await UntilAsync(() =>
        {
            _broker.Run();
            return told() >= expected;
        });
        told().Should().Be(expected);
    }

    private async Task LetGoAsync(Task moving)
    {
        // Whoever has not closed by then is not waited for.
        _broker.Run();
        _broker.Time.Advance(TimeSpan.FromSeconds(5));
        await moving.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task UntilAsync(Func<bool> condition) =>
        (await EndToEnd.Harness.Eventually.HoldsAsync(() => Task.FromResult(condition()), TimeSpan.FromSeconds(30))).Should().BeTrue();
}
