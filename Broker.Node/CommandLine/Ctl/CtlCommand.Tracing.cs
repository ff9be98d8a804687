using System.CommandLine;
using System.CommandLine.Parsing;
using Broker.Actors.Tracing;
using Broker.Node.Configuration;

namespace Broker.Node.CommandLine.Ctl;

/// <summary>What happens to a client, as it happens.</summary>
internal static partial class CtlCommand
{
    private static Command Trace()
    {
        Option<string?> client = new("--client") { Description = "Of this client id, wherever it is connected.", HelpName = "ID" };
        Option<string?> topic = new("--topic") { Description = "Of messages whose topic the filter matches.", HelpName = "FILTER" };
        Option<string?> address = new("--address") { Description = "Of clients from this IP address.", HelpName = "IP" };
        Option<TimeSpan> time = new("--for")
        {
            Description = "How long, as in 30s, 5m or 1h, which is the most.",
            HelpName = "TIME",
            DefaultValueFactory = static _ => TraceRequest.DefaultDuration,
            CustomParser = ParseTime,
        };
        Option<int> rate = new("--rate")
        {
            Description = $"Lines in a second, at most {TraceRequest.HighestRate}; how many more there were is told.",
            HelpName = "N",
            DefaultValueFactory = static _ => TraceRequest.DefaultRate,
        };
        var command = new Command("trace", "Shows packets and decisions of a client live, from whichever node has it. Payloads and passwords are never shown.")
        {
            client, topic, address, time, rate,
        };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async (management, output) =>
        {
            var body = new
            {
                clientId = parsed.GetValue(client),
                topic = parsed.GetValue(topic),
                address = parsed.GetValue(address),
                seconds = parsed.GetValue(time).TotalSeconds,
                rate = parsed.GetValue(rate),
            };
            await foreach (var line in management.ReadLinesAsync("trace", body, cancellation))
            {
                output.WriteEvent(line);
            }
        }));
        return command;
    }

    private static TimeSpan ParseTime(ArgumentResult argument)
    {
        if (Duration.TryParse(argument.Tokens[0].Value, out var time))
        {
            return time;
        }

        argument.AddError($"--for {argument.Tokens[0].Value}: must be a time with its unit, such as 30s or 5m.");
        return TimeSpan.Zero;
    }
}
