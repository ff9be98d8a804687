using Broker.Protocol.Packets;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>What the protocol allows and no good client does: the broker bears it, says no where there is a word for it, and goes on with the client.</summary>
internal static class BadSessions
{
    private const int Unreleased = 200;
    private const int Deep = 20;
    private const string NoAnswer = "the broker did not answer";

    private static readonly byte[] Slashes = [.. Enumerable.Repeat((byte)'/', 65_535)];
    private static readonly byte[] Ping = [0xC0, 0x00];
    private static readonly byte[] Pong = [0xD0, 0x00];
    private static readonly byte[] Pings = [.. Enumerable.Repeat(Ping, 32 * 1_024).SelectMany(ping => ping)];
    private static readonly string[] Groups = ["$share//a", "$share/+/a", "$share/g#/a", "$share/g", "$share/g/", "$share/$share/$share/a", "$share/😀/a", $"$share/{new string('x', 60_000)}/a"];
    private static readonly string[] Wildcards = ["#", "+", "+/+", "$SYS/#", "$share/g/#", "a/../b", "%c", "%u"];

    /// <summary>Message after message, then the same ids again.</summary>
    public static Task<string?> WithoutReleaseAsync(HostileScene scene, int number) => StayAsync(scene, number, ProtocolVersion.V311, async connection =>
    {
        var publishes = Enumerable.Range(1, Unreleased).SelectMany(id => Wire.Packet("34", $"<hostile/qos2> {id:X4} 'x'")).ToArray();
        var isAnswered = await connection.AnswersAsync(publishes, Wire.Bytes($"50 02 {Unreleased:X4}")) && await connection.AnswersAsync(publishes, Wire.Bytes($"50 02 {Unreleased:X4}"));
        return isAnswered ? null : NoAnswer;
    });

    /// <summary>To publish to, and to subscribe to.</summary>
    public static Task<string?> SlashesAsync(HostileScene scene, int number) => StayAsync(scene, number, ProtocolVersion.V5, async connection =>
    {
        byte[] topic = [0xFF, 0xFF, .. Slashes];
        var isRefused = await connection.AnswersAsync(Packet("32", [.. topic, 0x00, 0x01, 0x00]), Wire.Bytes("40 03 0001 90"))
            && await connection.AnswersAsync(Packet("82", [0x00, 0x02, 0x00, .. topic, 0x00]), Wire.Bytes("90 04 0002 00 8F"));
        return isRefused ? null : "the broker did not say that a topic of 65,535 slashes is none";
    });

    /// <summary>Wildcards in different places, so that they share little.</summary>
    public static Task<string?> DeepAsync(HostileScene scene, int number) => StayAsync(scene, number, ProtocolVersion.V5, async connection =>
    {
        var filters = Enumerable.Range(0, Deep).Select(i => $"deep-{number}/" + string.Join('/', Enumerable.Range(1, 99).Select(level => (i >> (level % 5) & 1) == 0 ? "+" : "a")));
        var subscribe = CodecHarness.Encode(
            new SubscribePacket { PacketId = 1, Subscriptions = [.. filters.Select(filter => new SubscriptionRequest(filter, QualityOfService.AtMostOnce))] }, ProtocolVersion.V5);
        var topic = $"deep-{number}/" + string.Join('/', Enumerable.Repeat("a", 99));
        return await connection.AnswersAsync(subscribe, new byte[Deep]) && await connection.AnswersAsync(Wire.Packet("32", $"<{topic}> 0002 00"), Wire.Bytes("40 02 0002")) ? null : NoAnswer;
    });

    /// <summary>Each of them in a packet of its own.</summary>
    public static Task<string?> StrangeGroupsAsync(HostileScene scene, int number) => StayAsync(scene, number, ProtocolVersion.V5, async connection =>
    {
        foreach (var group in Groups)
        {
            var subscribe = CodecHarness.Encode(new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest(group, QualityOfService.AtMostOnce)] }, ProtocolVersion.V5);
            var expected = Array.IndexOf(Groups, group) < 5 ? "8F" : "00";
            if (!await connection.AnswersAsync(subscribe, Wire.Bytes($"90 04 0001 00 {expected}")))
            {
                return $"the broker did not answer 0x{expected} to {group[..Math.Min(group.Length, 20)]}";
            }
        }

        return null;
    });

    /// <summary>Ids that are filters: nobody else gets to see, or is, anything by them.</summary>
    public static Task<string?> WildcardsAsync(HostileScene scene, int number) =>
        StayAsync(scene, $"{Wildcards[number % Wildcards.Length]}/{number}", ProtocolVersion.V5, async connection => await connection.AnswersAsync(Ping, Pong) ? null : NoAnswer);

    /// <summary>Subscribed to what comes all the time, at QoS 0 or 1.</summary>
    public static async Task<string?> NeverReadsAsync(HostileScene scene, int number)
    {
        using var connection = await HostileConnection.ConnectAsync(scene.Broker, ProtocolVersion.V5, $"hostile-session-{number}");
        await connection.SendAsync(Wire.Packet("82", $"0001 00 <{scene.Feed}> {number % 2:X2}"));
        await scene.Stay();
        connection.Reset();
        return null;
    }

    /// <summary>PINGREQ without end: what is answered can wait nowhere but in the broker.</summary>
    public static async Task<string?> AsksAndNeverReadsAsync(HostileScene scene, int number)
    {
        using var connection = await HostileConnection.ConnectAsync(scene.Broker, ProtocolVersion.V311, $"hostile-session-{number}");
        using var end = new CancellationTokenSource();
        var asking = AskAsync(connection, end.Token);
        await scene.Stay();
        await end.CancelAsync();
        await asking;
        connection.Reset();
        return null;
    }

    private static async Task AskAsync(HostileConnection connection, CancellationToken end)
    {
        for (var times = 0; times < 16 && !end.IsCancellationRequested; times++)
        {
            await connection.SendAsync(Pings, end);
        }
    }

    private static Task<string?> StayAsync(HostileScene scene, int number, ProtocolVersion version, Func<HostileConnection, Task<string?>> act) =>
        StayAsync(scene, $"hostile-session-{number}", version, act);

    private static async Task<string?> StayAsync(HostileScene scene, string clientId, ProtocolVersion version, Func<HostileConnection, Task<string?>> act)
    {
        using var connection = await HostileConnection.ConnectAsync(scene.Broker, version, clientId);
        if (await act(connection) is { } problem)
        {
            return problem;
        }

        await scene.Stay();
        return await connection.AnswersAsync(Ping, Pong) ? null : "the broker ended the connection, or answered no more";
    }

    private static byte[] Packet(string firstByte, byte[] body)
    {
        var length = new byte[4];
        var lengthBytes = Broker.Protocol.Codec.VariableByteInteger.Write(length, body.Length);
        return [.. Wire.Bytes(firstByte), .. length[..lengthBytes], .. body];
    }
}
