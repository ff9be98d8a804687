using System.CommandLine;
using System.Text.Json;

namespace Broker.Node.CommandLine.Ctl;

/// <summary>What can be looked at.</summary>
internal static partial class CtlCommand
{
    private const int LargestPage = 1000;

    private static readonly CtlColumn[] SettingColumns = [new("KEY", "key"), new("VALUE", "value"), new("ORIGIN", "origin")];
    private static readonly CtlColumn[] LimitColumns = [new("LIMIT", "name"), new("VALUE", "value"), new("ORIGIN", "origin")];

    private static void AddReading(Command ctl)
    {
        foreach (var list in CtlLists.All)
        {
            ctl.Add(List(list));
        }

        Argument<string> client = new("ID") { Description = "The client id." };
        Argument<string> topic = new("TOPIC") { Description = "The topic." };
        ctl.Add(Ask("node", "The node that is asked.", [], static _ => Get("node")));
        ctl.Add(Ask(
            "primary",
            "Who is primary. It is always the oldest member: to hand the role over, drain that node, and the next oldest takes it.",
            [],
            static _ => Get("primary")));
        ctl.Add(Ask("client", "A connected client.", [client], parsed => Get($"client?id={Escape(parsed.GetValue(client)!)}")));
        ctl.Add(Ask("session", "A session, as its owner tells of it.", [client], parsed => Get($"session?id={Escape(parsed.GetValue(client)!)}")));
        ctl.Add(Ask("retained-message", "A topic's retained message, with its payload.", [topic], parsed => Get($"retained-message?topic={Escape(parsed.GetValue(topic)!)}")));
        ctl.Add(Ask(
            "limits",
            "The limits of the node that is asked that can be changed while it runs.",
            [],
            static _ => Get("limits"),
            static (output, answer) => output.WriteTable(answer, LimitColumns)));
        ctl.Add(Ask("config", "The settings in effect on the node that is asked.", [], static _ => Get("configuration"), static (output, answer) => output.WriteTable(answer, SettingColumns)));
    }

    private static (HttpMethod Method, string Path, object? Body) Get(string path) => (HttpMethod.Get, path, null);

    private static Command List(CtlList list)
    {
        Option<int> limit = new("--limit") { Description = "Rows at most.", HelpName = "N", DefaultValueFactory = static _ => 100 };
        Option<string?> after = new("--after") { Description = "Goes on behind the page before.", HelpName = "NEXT" };
        Option<bool> all = new("--all") { Description = "Every row, page after page." };
        Option<string?> contains = new("--contains") { Description = "Only rows whose client id, filter, topic or name has this text in it.", HelpName = "TEXT" };
        Option<string?> client = new("--client") { Description = "Only of this client id.", HelpName = "ID" };
        Option<string?> filter = new("--filter") { Description = "A topic filter; left out: all topics but those under $SYS.", HelpName = "FILTER" };
        var command = new Command(list.Name, list.Description) { limit, after, all, contains };
        if (list.Name == "subscriptions")
        {
            command.Add(client);
        }
        else if (list.Name == "retained")
        {
            command.Add(filter);
        }

        command.SetAction((parsed, cancellation) => RunAsync(parsed, async (management, output) =>
        {
            var isAll = parsed.GetValue(all);
            var rows = new List<JsonElement>();
            var next = parsed.GetValue(after);
            JsonElement page;
            do
            {
                page = await management.AskAsync(
                    HttpMethod.Get,
                    list.Name + Query(
                        ("limit", $"{(isAll ? LargestPage : parsed.GetValue(limit))}"),
                        ("after", next),
                        ("contains", parsed.GetValue(contains)),
                        ("client", command.Options.Contains(client) ? parsed.GetValue(client) : null),
                        ("filter", command.Options.Contains(filter) ? parsed.GetValue(filter) : null)),
                    body: null,
                    cancellation);
                rows.AddRange(page.GetProperty("items").EnumerateArray());
                next = page.GetProperty("next").GetString();
            }
            while (isAll && next is not null);

            output.WriteTable(JsonSerializer.SerializeToElement(rows), list.Columns);
            Tell(rows.Count, page, next);
        }));
        return command;
    }

    /// <summary>What the table does not show, beside it: standard output is the table alone.</summary>
    private static void Tell(int rows, JsonElement page, string? next)
    {
        if (next is not null)
        {
            Console.Error.WriteLine($"{rows} of {page.GetProperty("total").GetInt64()}. More with --after {next}, or --all.");
        }

        if (page.GetProperty("missing") is { } missing && missing.GetArrayLength() > 0)
        {
            Console.Error.WriteLine($"Not there, because they did not answer in time: {string.Join(", ", missing.EnumerateArray().Select(static node => node.GetString()))}");
        }
    }

    private static string Query(params (string Name, string? Value)[] parameters) =>
        "?" + string.Join('&', parameters.Where(static parameter => parameter.Value is not null).Select(static parameter => $"{parameter.Name}={Escape(parameter.Value!)}"));
}
