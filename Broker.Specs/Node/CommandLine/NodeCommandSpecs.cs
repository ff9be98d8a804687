using System.Net;
using System.Net.Sockets;

namespace Broker.Specs.Node.CommandLine;

public sealed class NodeCommandSpecs
{
    [Fact]
    public async Task Version_names_the_program_and_its_commit()
    {
        await using var program = NodeProgram.Start("--version");

        (await program.EndAsync()).Should().Be(0);
        program.Output.Should().ContainSingle().Which.Should().MatchRegex(@"^Akka\.Mqtt \d+\.\d+\.\d+( \(commit [0-9a-f]+\))?$");
    }

    [Fact]
    public async Task Help_names_the_commands_and_options()
    {
        await using var program = NodeProgram.Start("--help");

        (await program.EndAsync()).Should().Be(0);
        string.Join('\n', program.Output).Should().ContainAll("run", "config", "passwd", "--config", "--set", "--version");
    }

    [Fact]
    public async Task Config_prints_what_is_in_effect()
    {
        await using var program = NodeProgram.Start(
            new Dictionary<string, string> { ["MQTT__LIMITS__MAX_INFLIGHT"] = "9" }, "config", "--set", "mqtt.listeners.tcp.port=1884");

        (await program.EndAsync()).Should().Be(0);
        program.Output.Should().Contain("mqtt.listeners.tcp.port = 1884  # --set mqtt.listeners.tcp.port")
            .And.Contain("mqtt.limits.max-inflight = 9  # environment variable MQTT__LIMITS__MAX_INFLIGHT");
        program.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("there is no '='", "--set", "mqtt.limits")]
    [InlineData("there is no such file", "--config", "missing.conf")]
    [InlineData("unknown key", "config", "--set", "mqtt.nothing=1")]
    [InlineData("must be a whole number", "run", "--set", "mqtt.listeners.tcp.port=many")]
    [InlineData("must be a whole number", "--set", "mqtt.listeners.tcp.port=many", "run")]
    [InlineData("--help", "serve")]
    [InlineData("--help", "--port", "1883")]
    [InlineData("--help", "--set")]
    public async Task A_mistake_on_the_command_line_is_told_without_a_stack_trace_and_ends_with_2(string told, params string[] arguments)
    {
        await using var program = NodeProgram.Start(arguments);

        (await program.EndAsync()).Should().Be(2);
        program.Output.Should().BeEmpty();
        string.Join('\n', program.Errors).Should().Contain(told).And.NotContain("   at ").And.NotContain("Exception");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_to_ends_it_with_1()
    {
        await using var program = NodeProgram.Start("--set", "mqtt.data-directory=/dev/null/data", "--set", "mqtt.management.port=0");

        (await program.EndAsync()).Should().Be(1);
        program.Errors.Should().ContainSingle().Which.Should().StartWith("mqtt.data-directory = /dev/null/data: cannot be written to");
    }

    [Fact]
    public async Task A_management_port_in_use_is_told_in_one_line_and_ends_it_with_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var program = NodeProgram.Start("--set", $"mqtt.management.port={port}", "--set", "mqtt.listeners.tcp.port=0");

        (await program.EndAsync()).Should().Be(1);
        program.Errors.Should().ContainSingle().Which.Should().StartWith($"mqtt.management.port = {port}: another process listens on 127.0.0.1:{port} already.");
        program.Output.Should().ContainSingle("there is the version, and no log of the same");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_stops_it_cleanly(string signal)
    {
        var port = FreePort();
        await using var program = NodeProgram.Start(
            new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:1", ["ASPNETCORE_ENVIRONMENT"] = "Development" },
            "--set", $"mqtt.management.port={port}", "--set", "mqtt.listeners.tcp.port=0");
        using var alive = await program.AskUntilAsync(new Uri($"http://127.0.0.1:{port}/alive"), answer => answer.IsSuccessStatusCode);

        await program.SignalAsync(signal);

        (await program.EndAsync()).Should().Be(0);
        program.Errors.Should().BeEmpty();
        Directory.Exists(Path.Combine(program.Folder, "data")).Should().BeTrue();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
