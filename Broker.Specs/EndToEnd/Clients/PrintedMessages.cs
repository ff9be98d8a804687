using System.Globalization;
using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>What clients print of the messages that they receive, a line each: <c>message RETAIN QOS TOPIC PAYLOAD</c>, where only the payload may hold spaces.</summary>
internal static class PrintedMessages
{
    /// <summary>The messages among these lines.</summary>
    public static IReadOnlyList<Incoming> In(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith("message ", StringComparison.Ordinal)).Select(Parse)];

    private static Incoming Parse(string line)
    {
        var parts = line.Split(' ', 5);
        return new Incoming(parts[3], parts[4], (QualityOfService)int.Parse(parts[2], CultureInfo.InvariantCulture), parts[1] == "1");
    }
}
