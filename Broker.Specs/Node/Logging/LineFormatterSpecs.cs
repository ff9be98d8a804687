using Broker.Node.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Node.Logging;

public sealed class LineFormatterSpecs
{
    private readonly LineFormatter _formatter = new(new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero)));

    [Fact]
    public void An_entry_is_one_line() =>
        Write(LogLevel.Information, "hello").Should().Be("2026-01-02T03:04:05.678Z info  Sessions: hello\n");

    [Theory]
    [InlineData(LogLevel.Trace, " trace ")]
    [InlineData(LogLevel.Debug, " debug ")]
    [InlineData(LogLevel.Warning, " warn  ")]
    [InlineData(LogLevel.Error, " error ")]
    [InlineData(LogLevel.Critical, " crit  ")]
    public void The_level_is_named(LogLevel level, string name) => Write(level, "x").Should().Contain($"Z{name}Sessions: x");

    [Fact]
    public void A_client_cannot_start_a_line_or_steer_the_terminal() =>
        Write(LogLevel.Information, "client a\r\n2026 error \u001b[31mred").Should().Be(
            "2026-01-02T03:04:05.678Z info  Sessions: client a\\u000d\\u000a2026 error \\u001b[31mred\n");

    [Fact]
    public void A_stack_trace_is_indented_below()
    {
        var lines = Write(LogLevel.Error, "failed", new InvalidOperationException("why")).Split('\n');

        lines[0].Should().EndWith("error Sessions: failed");
        lines[1].Should().Be("    System.InvalidOperationException: why");
    }

    [Theory]
    [InlineData("Cluster (akka://mqtt)", "Cluster")]
    [InlineData("akka.tcp://mqtt@127.0.0.1:4053/system/cluster/core", "/system/cluster/core")]
    [InlineData("akka://mqtt", "akka://mqtt")]
    [InlineData("Sessions", "Sessions")]
    public void An_entry_of_akka_has_its_source_for_a_category_and_no_second_heading(string source, string shown)
    {
        var state = new Dictionary<string, object> { ["LogSource"] = source };

        WriteAkka(state, $"[INFO][11/23/2026 01:52:32.014Z][Thread 0001][{source}] node [a] is up")
            .Should().Be($"2026-01-02T03:04:05.678Z info  {shown}: node [a] is up\n");
    }

    private string WriteAkka(Dictionary<string, object> state, string message)
    {
        using var writer = new StringWriter();
        _formatter.Write(new LogEntry<Dictionary<string, object>>(LogLevel.Information, "Akka.Actor.ActorSystem", default, state, null, (_, _) => message), null, writer);
        return writer.ToString();
    }

    private string Write(LogLevel level, string message, Exception? exception = null)
    {
        using var writer = new StringWriter();
        _formatter.Write(new LogEntry<string>(level, "Broker.Actors.Sessions", default, message, exception, (state, _) => state), null, writer);
        return writer.ToString();
    }
}
