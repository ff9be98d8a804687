using System.CommandLine;

namespace Broker.Node.CommandLine.Ctl;

/// <summary>What can be done.</summary>
internal static partial class CtlCommand
{
    private static void AddActions(Command ctl)
    {
        Argument<string> client = new("ID") { Description = "The client id." };
        Argument<string> topic = new("TOPIC") { Description = "The topic." };
        ctl.Add(Ask("kick", "Ends a client's connection; its session stays.", [client], parsed => (HttpMethod.Delete, $"client?id={Escape(parsed.GetValue(client)!)}", null)));
        ctl.Add(Ask(
            "delete-session",
            "Ends a session with all that is queued, and the connection that it may have.",
            [client],
            parsed => (HttpMethod.Delete, $"session?id={Escape(parsed.GetValue(client)!)}", null)));
        ctl.Add(Ask(
            "delete-retained", "Removes a topic's retained message.", [topic], parsed => (HttpMethod.Delete, $"retained-message?topic={Escape(parsed.GetValue(topic)!)}", null)));
        ctl.Add(Publish());
        ctl.Add(Drain());
        ctl.Add(LogLevel());
        ctl.Add(Limit());
    }

    private static Command Publish()
    {
        Argument<string> topic = new("TOPIC") { Description = "The topic." };
        Argument<string> payload = new("PAYLOAD") { Description = "The payload, as text." };
        Option<int> qos = new("--qos") { Description = "0, 1 or 2.", HelpName = "QOS" };
        Option<bool> retain = new("--retain") { Description = "It becomes the topic's retained message." };
        return Ask("publish", "Publishes a message.", [topic, payload, qos, retain], parsed => (
            HttpMethod.Post,
            "publish",
            new { topic = parsed.GetValue(topic), payload = parsed.GetValue(payload), qos = parsed.GetValue(qos), retain = parsed.GetValue(retain) }));
    }

    private static Command Drain()
    {
        Argument<string?> node = new("NODE") { Description = "Its address; left out: the node that is asked.", Arity = ArgumentArity.ZeroOrOne };
        return Ask("drain", "A node sends its clients to the others, leaves the cluster, and its process ends.", [node], parsed => (
            HttpMethod.Post, parsed.GetValue(node) is { } address ? $"drain?node={Escape(address)}" : "drain", null));
    }

    private static Command Limit()
    {
        Argument<string> name = new("NAME") { Description = "One that limits lists, such as max-connections." };
        Argument<string> value = new("VALUE") { Description = "As in a file of settings, such as 500, 64MiB or 30s." };
        Option<bool> all = new("--all-nodes") { Description = "On every member rather than on the node that is asked." };
        return Ask(
            "limit",
            "Changes a limit until the node starts again.",
            [name, value, all],
            parsed => (HttpMethod.Put, "limits", new { name = parsed.GetValue(name), value = parsed.GetValue(value), allNodes = parsed.GetValue(all) }),
            static (output, answer) =>
            {
                output.WriteObject(answer);
                if (answer.GetProperty("missing").GetArrayLength() > 0 || answer.GetProperty("refused").EnumerateObject().Any())
                {
                    throw new CtlException("It does not hold everywhere: nodes that refuse it or do not answer have it as before.");
                }
            });
    }

    private static Command LogLevel()
    {
        Argument<string?> level = new("LEVEL") { Description = "trace, debug, info, warning, error, critical or none; left out: shows what is.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> category = new("--category") { Description = "For categories whose name begins like this, such as Broker.Actors.Sessions.", HelpName = "NAME" };
        return Ask("log-level", "What the log of the node that is asked shows, until it starts again.", [level, category], parsed => parsed.GetValue(level) is { } least
            ? (HttpMethod.Put, "log-levels", new { level = least, category = parsed.GetValue(category) })
            : Get("log-levels"));
    }
}
