using System.Collections.Concurrent;
using Broker.Node.Azure;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Node.Azure;

/// <summary>Against a server with the same answers as Azure's.</summary>
public sealed class MaintenanceWatchSpecs : IDisposable
{
    private readonly MetadataServer _azure = new();
    private readonly RecordingNode _node = new();

    [Theory]
    [InlineData("Terminate", 300)]
    [InlineData("Preempt", 30)]
    public async Task The_node_leaves_in_the_time_given_and_the_event_is_approved_afterwards(string type, int seconds)
    {
        await using var watch = Watch();
        watch.Start();
        _azure.Tell(MetadataServer.Event(type, TimeSpan.FromSeconds(seconds)));

        await UntilAsync(() => !_node.Leaves.IsEmpty);
        _node.Leaves.Should().ContainSingle().Which.Should().BeCloseTo(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(20));
        _azure.Approved.IsCompleted.Should().BeFalse("the node has not left yet");

        await watch.ApproveAsync();
        (await _azure.Approved.WaitAsync(Deadline.ForPackets)).Should().Be($$"""{"StartRequests":[{"EventId":"{{type}}-1"}]}""");
    }

    [Fact]
    public async Task What_concerns_others_too_is_not_approved()
    {
        await using var watch = Watch();
        watch.Start();
        _azure.Tell(MetadataServer.Event("Reboot", TimeSpan.FromMinutes(15), MetadataServer.Machine, "mqtt_1"));
        await UntilAsync(() => !_node.Leaves.IsEmpty);

        await watch.ApproveAsync();

        _azure.Approved.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task What_concerns_others_alone_is_nothing_to_this_one()
    {
        await using var watch = Watch();
        watch.Start();
        _azure.Tell(MetadataServer.Event("Reboot", TimeSpan.FromMinutes(15), "mqtt_1"), MetadataServer.Event("Freeze", TimeSpan.FromMinutes(15)));

        await UntilAsync(() => !_node.Reasons.IsEmpty);
        _node.Leaves.Should().BeEmpty();
    }

    [Fact]
    public async Task Before_a_freeze_clients_are_turned_away_and_afterwards_they_are_not()
    {
        await using var watch = Watch();
        watch.Start();
        _azure.Tell(MetadataServer.Event("Freeze", TimeSpan.FromMinutes(15)));
        await UntilAsync(() => !_node.Reasons.IsEmpty);
        (await _azure.Approved.WaitAsync(Deadline.ForPackets)).Should().Contain("Freeze-1");

        _azure.Tell();
        await UntilAsync(() => _node.Reasons.Count == 2);

        _node.Reasons.Should().Equal("Azure is going to freeze this machine for some seconds", null);
        _node.Leaves.Should().BeEmpty();
    }

    [Fact]
    public async Task A_freeze_is_approved_once_the_load_balancer_has_noticed()
    {
        await using var watch = Watch(loadBalancer: TimeSpan.FromHours(1));
        watch.Start();
        _azure.Tell(MetadataServer.Event("Freeze", TimeSpan.FromMinutes(15)));
        await UntilAsync(() => !_node.Reasons.IsEmpty);

        _azure.Tell();
        await UntilAsync(() => _node.Reasons.Count == 2);
        _azure.Approved.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_told_once()
    {
        var lines = new RecordingLoggers();
        await using var watch = new MaintenanceWatch(
            new AzureOptions { ScheduledEvents = true, MetadataAddress = $"http://127.0.0.1:{FreePort.Next()}", PollInterval = TimeSpan.FromMilliseconds(100) },
            TimeSpan.Zero,
            _node,
            TimeProvider.System,
            lines.CreateLogger<MaintenanceWatch>());
        watch.Start();

        await UntilAsync(() => !lines.Lines.IsEmpty);
        await RealTime.PassesAsync(TimeSpan.FromMilliseconds(500));
        lines.Lines.Should().ContainSingle().Which.Should().Contain("mqtt.azure.scheduled-events");
    }

    [Fact]
    public async Task Where_it_is_off_nothing_is_asked()
    {
        _azure.Tell(MetadataServer.Event("Terminate", TimeSpan.FromMinutes(5)));
        await using (var watch = new MaintenanceWatch(
            new AzureOptions { MetadataAddress = _azure.Address }, TimeSpan.Zero, _node, TimeProvider.System, NullLogger<MaintenanceWatch>.Instance))
        {
            watch.Start();
        }

        _node.Leaves.Should().BeEmpty();
    }

    public void Dispose() => _azure.Dispose();

    private MaintenanceWatch Watch(TimeSpan loadBalancer = default) => new(
        new AzureOptions { ScheduledEvents = true, MetadataAddress = _azure.Address, PollInterval = TimeSpan.FromMilliseconds(100) },
        loadBalancer,
        _node,
        TimeProvider.System,
        NullLogger<MaintenanceWatch>.Instance);

    private static async Task UntilAsync(Func<bool> condition) =>
        (await Eventually.HoldsAsync(() => Task.FromResult(condition()), Deadline.ForPackets)).Should().BeTrue();

    private sealed class RecordingNode : IMaintainedNode
    {
        public ConcurrentQueue<TimeSpan> Leaves { get; } = [];

        public ConcurrentQueue<string?> Reasons { get; } = [];

        public void LeaveWithin(TimeSpan available) => Leaves.Enqueue(available);

        public void TurnAway(string? reason) => Reasons.Enqueue(reason);
    }
}
