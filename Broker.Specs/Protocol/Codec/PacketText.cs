using System.Text.Encodings.Web;
using System.Text.Json;
using Broker.Protocol.Packets;

namespace Broker.Specs.Protocol.Codec;

/// <summary>Everything a packet holds as text: two packets are equivalent where their texts are equal.</summary>
internal static class PacketText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(Packet packet) => JsonSerializer.Serialize(packet, packet.GetType(), Options);
}
