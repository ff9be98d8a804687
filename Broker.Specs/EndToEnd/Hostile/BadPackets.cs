using Broker.Protocol.Packets;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>What breaks the protocol itself: the broker ends the connection.</summary>
internal static class BadPackets
{
    private const string NotEnded = "the broker did not end the connection";

    private static readonly string[] OfTheBroker = ["20 02 00 00", "20 03 00 00 00", "90 03 00 01 00", "90 04 00 01 00 00", "B0 02 00 01", "B0 04 00 01 00 00", "D0 00"];

    private static readonly Func<ProtocolVersion, Packet>[] Whole =
    [
        _ => new PublishPacket { Topic = "hostile/cut", QoS = QualityOfService.AtLeastOnce, PacketId = 1 },
        _ => new SubscribePacket { PacketId = 1, Subscriptions = [new SubscriptionRequest("hostile/cut/+", QualityOfService.AtMostOnce)] },
        _ => new UnsubscribePacket { PacketId = 1, Filters = ["hostile/cut/+"] },
        version => new ConnectPacket { Version = version, ClientId = "cut", UserName = "user", Password = new byte[4], Will = new WillMessage { Topic = "hostile/cut", Payload = default } },
    ];

    /// <summary>A remaining length that ends within a field, everywhere in turn.</summary>
    public static Task<string?> CutAsync(HostileScene scene, int number)
    {
        var version = Version(number);
        var packet = Whole[number / 2 % Whole.Length](version);
        var bytes = CodecHarness.Encode(packet, version);
        var cut = number / (2 * Whole.Length) % (bytes.Length - 2);
        bytes[1] = (byte)cut;
        return ExpectEndAsync(scene, packet is ConnectPacket ? null : version, number, bytes.AsMemory(0, cut + 2));
    }

    public static Task<string?> OfTheBrokerAsync(HostileScene scene, int number) =>
        ExpectEndAsync(scene, Version(number), number, Wire.Bytes(OfTheBroker[number / 2 % OfTheBroker.Length]));

    public static Task<string?> WithoutTopicAsync(HostileScene scene, int number) =>
        ExpectEndAsync(scene, Version(number), number, Version(number) == ProtocolVersion.V5 ? Wire.Packet("30", "0000 00 'x'") : Wire.Packet("32", "0000 0001 'x'"));

    public static Task<string?> FirstIsNoConnectAsync(HostileScene scene, int number) =>
        ExpectEndAsync(scene, null, number, Wire.Bytes($"{(number % 2 == 0 ? "30" : "82")} FF FF FF 7F 00"));

    public static Task<string?> HugeConnectAsync(HostileScene scene, int number) =>
        ExpectEndAsync(scene, null, number, Wire.Bytes("10 FF FF FF 7F <MQTT> 05"));

    private static ProtocolVersion Version(int number) => number % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V311;

    /// <param name="scene">Where.</param>
    /// <param name="version">Of the CONNECT before; null: there is none.</param>
    /// <param name="number">The client's.</param>
    /// <param name="bytes">The last that it sends.</param>
    private static async Task<string?> ExpectEndAsync(HostileScene scene, ProtocolVersion? version, int number, ReadOnlyMemory<byte> bytes)
    {
        using var connection = version is { } connected
            ? await HostileConnection.ConnectAsync(scene.Broker, connected, $"hostile-packet-{number}")
            : await HostileConnection.OpenAsync(scene.Broker, scene.Broker.Port);
        await connection.SendAsync(bytes);
        return await connection.EndsAsync() ? null : $"{NotEnded} after {Convert.ToHexString(bytes.Span)}";
    }
}
