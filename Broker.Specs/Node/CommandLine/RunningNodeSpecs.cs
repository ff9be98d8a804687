using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Broker.Specs.Node.CommandLine;

public sealed class RunningNodeSpecs
{
    private static readonly string[] AnyPorts = ["--set", "mqtt.listeners.tcp.port=0", "--set", "mqtt.listeners.tcp.host=127.0.0.1", "--set", "mqtt.management.port=0"];

    [Fact]
    public async Task It_says_where_everything_is_serves_and_stops_cleanly()
    {
        await using var program = NodeProgram.Start(AnyPorts);
        var hint = await program.LineAsync("Try it:");

        program.Output.Should().Contain(line => Regex.IsMatch(line, @"^Listener: +tcp on 127\.0\.0\.1:[1-9]\d*$"))
            .And.Contain(line => Regex.IsMatch(line, @"^Node: +akka\.tcp://mqtt@127\.0\.0\.1:[1-9]\d*$"))
            .And.Contain(line => Regex.IsMatch(line, $"^Storage: +sqlite in .*data$"));
        var port = Regex.Match(hint, @"mosquitto_pub -h 127\.0\.0\.1 -p (\d+) ").Groups[1].Value;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, int.Parse(port, provider: null));
        }

        var management = Regex.Match(await program.LineAsync("Management:"), @"http://127\.0\.0\.1:\d+").Value;
        using var ready = await program.AskUntilAsync(new Uri($"{management}/ready"), answer => answer.IsSuccessStatusCode);
        (await ready.Content.ReadAsStringAsync()).Should().Be("ready\n");

        await program.SignalAsync("TERM");

        (await program.EndAsync()).Should().Be(0);
        program.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task As_JSON_every_line_of_it_is_JSON()
    {
        await using var program = NodeProgram.Start([.. AnyPorts, "--set", "mqtt.logging.format=json"]);
        await program.LineAsync(static line => line.Contains("Try it:"), "Try it:");
        await program.SignalAsync("TERM");
        (await program.EndAsync()).Should().Be(0);

        var said = program.Output.Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString()).ToArray();
        said[0].Should().StartWith("Akka.Mqtt ");
        said.Should().Contain(static line => line!.StartsWith("Listener:    tcp on 127.0.0.1:"));
    }

    [Fact]
    public async Task A_listeners_port_in_use_is_told_in_one_line_and_ends_it_with_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var program = NodeProgram.Start([.. AnyPorts, "--set", $"mqtt.listeners.tcp.port={port}"]);

        (await program.EndAsync()).Should().Be(1);
        program.Errors.Should().ContainSingle().Which.Should().StartWith($"mqtt.listeners.tcp.port = {port}: another process listens");
        program.Output.Should().NotContain(line => line.Contains("   at "));
    }
}
