using System.Text.Json;
using Broker.Node.CommandLine.Ctl;

namespace Broker.Specs.Node.CommandLine.Ctl;

public sealed class CtlOutputSpecs
{
    private static readonly CtlColumn[] Columns = [new("CLIENT", "clientId"), new("SINCE", "connectedAt"), new("OK", "isReady"), new("HELD", "held"), new("NONE", "none")];

    [Fact]
    public void A_table_has_a_line_for_each_row()
    {
        var lines = Write(output => output.WriteTable(
            Parse("""[{"clientId":"a","connectedAt":"2026-01-02T03:04:05.6+00:00","isReady":true,"held":["store","link"],"none":null,"more":1},{"clientId":"2026-01-02","isReady":false,"held":[]}]"""),
            Columns));

        lines[0].Split([' '], StringSplitOptions.RemoveEmptyEntries).Should().Equal("CLIENT", "SINCE", "OK", "HELD", "NONE");
        lines[1].Should().Contain("2026-01-02 03:04:05Z").And.Contain("yes").And.Contain("store, link");
        lines[2].Should().StartWith("2026-01-02 ", "a client id stays as it is").And.Contain("no");
        lines.Should().HaveCount(3);
        lines[1].IndexOf("2026-01-02 03:04:05Z", StringComparison.Ordinal).Should().Be(lines[0].IndexOf("SINCE", StringComparison.Ordinal), "columns stand below their headers");
    }

    [Fact]
    public void Long_lines_are_not_broken_where_there_is_no_terminal() =>
        Write(output => output.WriteTable(Parse($$"""[{"clientId":"{{new string('x', 500)}}"}]"""), Columns))[1].Should().Contain(new string('x', 500));

    [Fact]
    public void What_clients_call_themselves_does_not_steer_the_terminal() =>
        Write(output => output.WriteObject(Parse("""{"clientId":"a\u001b[31m[red]b"}"""))).Should().ContainSingle().Which.TrimEnd().Should().Be(@"client id  a\u001b[31m[red]b");

    [Fact]
    public void Programs_get_the_answer_itself()
    {
        var text = string.Join('\n', Write(output => output.WriteObject(Parse("""{"clientId":"ä/b","n":1}""")), isJson: true));

        text.Should().Contain("ä/b");
        JsonDocument.Parse(text).RootElement.GetProperty("n").GetInt32().Should().Be(1);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static string[] Write(Action<CtlOutput> write, bool isJson = false)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(new CtlOutput(writer, isJson, width: null));
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
