using System.CommandLine;
using System.Text.Json;

namespace Broker.Node.CommandLine.Ctl;

/// <summary><c>Broker.Node ctl …</c>: looks at a running cluster, and changes it, over a node's management API. The files beside this one hold lists and actions.</summary>
internal static partial class CtlCommand
{
    /// <summary>Where a token is taken from that should not be seen in the list of processes.</summary>
    private const string TokenVariable = "MQTT_TOKEN";

    private static readonly Option<string> Url = new("--url")
    {
        Description = "The management address of any node.",
        DefaultValueFactory = static _ => "http://127.0.0.1:8082",
        HelpName = "URL",
        Recursive = true,
    };

    private static readonly Option<string?> Token = new("--token")
    {
        Description = $"A token of mqtt.management.tokens. Left out: the environment variable {TokenVariable}.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Prints JSON rather than a table.", Recursive = true };

    public static Command Create()
    {
        var command = new Command("ctl", "Looks at a running cluster, and changes it.") { Url, Token, Json };
        AddReading(command);
        AddActions(command);
        command.Add(Trace());
        AddBackup(command);
        return command;
    }

    /// <summary>A command that asks once, and shows the answer.</summary>
    private static Command Ask(
        string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, (HttpMethod Method, string Path, object? Body)> request, Action<CtlOutput, JsonElement>? show = null)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            Add(command, symbol);
        }

        command.SetAction((parsed, cancellation) => RunAsync(parsed, async (client, output) =>
        {
            var (method, path, body) = request(parsed);
            var answer = await client.AskAsync(method, path, body, cancellation);
            (show ?? (static (output, answer) => output.WriteObject(answer)))(output, answer);
        }));
        return command;
    }

    private static void Add(Command command, Symbol symbol)
    {
        if (symbol is Argument argument)
        {
            command.Arguments.Add(argument);
        }
        else
        {
            command.Options.Add((Option)symbol);
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<ManagementClient, CtlOutput, Task> run)
    {
        if (!Uri.TryCreate(parsed.GetValue(Url), UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            await Console.Error.WriteLineAsync($"--url {parsed.GetValue(Url)}: must be an address such as http://10.0.0.4:8082.");
            return ExitCode.Configuration;
        }

        var token = parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable(TokenVariable);
        using var client = new ManagementClient(address, string.IsNullOrEmpty(token) ? null : token);
        try
        {
            await run(client, new CtlOutput(Console.Out, parsed.GetValue(Json), Console.IsOutputRedirected ? null : Console.WindowWidth));
            return ExitCode.Clean;
        }
        catch (CtlException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCode.Failure;
        }
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
