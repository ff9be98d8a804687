using System.Collections;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Broker.Actors.Hosting;
using Broker.Node.Configuration;
using Broker.Node.Hosting;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.CommandLine;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Node.Hosting;

/// <summary>What systemd hears.</summary>
public sealed class ServiceManagerSpecs : IDisposable
{
    private readonly Broker.Specs.EndToEnd.Harness.TemporaryFolder _folder = new();
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string _address;

    public ServiceManagerSpecs()
    {
        _address = _folder.File("notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(_address));
    }

    [Fact]
    public async Task It_is_told_that_the_node_serves_how_it_is_and_that_it_stops()
    {
        var readiness = new Readiness(true, "ready");
        var time = new FakeTimeProvider();
        using var manager = new ServiceManager(() => readiness, Environment(("NOTIFY_SOCKET", _address), ("WATCHDOG_USEC", "30000000")), time);

        manager.Ready();
        (await HearAsync()).Should().Be("READY=1\nSTATUS=ready");

        readiness = new Readiness(false, "the database is away:\nconnection refused");
        time.Advance(TimeSpan.FromSeconds(15));
        (await HearAsync()).Should().Be("WATCHDOG=1\nSTATUS=the database is away: connection refused", "half of the watchdog's time is over");

        manager.Stopping();
        (await HearAsync()).Should().StartWith("STOPPING=1\nSTATUS=stopping: ");
    }

    [Fact]
    public void Where_it_did_not_start_the_process_nothing_is_told()
    {
        using var manager = new ServiceManager(() => new Readiness(true, "ready"), Environment(), TimeProvider.System);

        manager.Ready();

        _systemd.Available.Should().Be(0);
    }

    [Fact]
    public async Task A_running_node_says_so()
    {
        await using var program = NodeProgram.Start(
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _address, ["WATCHDOG_USEC"] = "2000000" },
            "--set", "mqtt.listeners.tcp.port=0", "--set", "mqtt.listeners.tcp.host=127.0.0.1", "--set", "mqtt.management.port=0");

        await HearUntilAsync("READY=1\nSTATUS=ready");
        await HearUntilAsync("WATCHDOG=1\nSTATUS=ready");
        await program.SignalAsync("TERM");
        await HearUntilAsync("STOPPING=1\n");
        (await program.EndAsync()).Should().Be(0);
    }

    [Fact]
    public void The_unit_waits_for_the_drain()
    {
        var unit = File.ReadAllText(RepositoryFolder.Find("docker", "systemd", "akka-mqtt.service"));
        var drain = NodeSettings.Read(
            ConfigurationLoader.Load(
                [Path.Combine(AppContext.BaseDirectory, "hocon", "cluster.conf")],
                ["mqtt.storage.provider=postgresql", "mqtt.storage.connection-string=\"Host=db\""],
                new Hashtable()),
            "0.0.0").Broker.Drain;

        TimeSpan.FromMinutes(int.Parse(Regex.Match(unit, @"TimeoutStopSec=(\d+)min").Groups[1].Value, provider: null))
            .Should().BeGreaterThan(drain.TurnWait + drain.Deadline + TimeSpan.FromSeconds(30));
        unit.Should().Contain($"RestartPreventExitStatus={Broker.Node.CommandLine.ExitCode.Configuration}\n").And.Contain("Type=notify\n");
    }

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;

    private async Task HearUntilAsync(string start) =>
        (await Eventually.HoldsAsync(async () => (await HearAsync()).StartsWith(start, StringComparison.Ordinal), Deadline.ForBrokers)).Should().BeTrue("systemd should hear {0}", start);

    private async Task<string> HearAsync()
    {
        var buffer = new byte[1024];
        using var deadline = new CancellationTokenSource(Deadline.ForBrokers);
        var length = await _systemd.ReceiveAsync(buffer, deadline.Token);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
