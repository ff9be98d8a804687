using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Run;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;

namespace Broker.Specs.Conformance;

/// <summary>
/// What specs of the standard's statements have in common. They expect what a statement asks for and nothing beyond, so that they can judge
/// any broker; what this one does where the standard leaves a choice is for the specs in EndToEnd/Protocol.
/// </summary>
public abstract class StatementSpecs(SharedBroker shared) : ProtocolSpecs(shared)
{
    /// <summary>The properties of a packet that has none: a length of 0 in MQTT 5, nothing at all in MQTT 3.</summary>
    private protected static string NoProperties(ProtocolVersion version) => version == ProtocolVersion.V5 ? "00" : "";

    /// <summary>CONNECT in the notation of <see cref="Wire"/>: with Clean Start, without will, unless its parts say otherwise.</summary>
    private protected static byte[] Connect(
        ProtocolVersion version, string payload, string flags = "02", string name = "<MQTT>", int? level = null) =>
        Wire.Packet("10", $"{name} {level ?? (int)version:X2} {flags} 0000 {NoProperties(version)} {payload}");

    /// <summary>Sends one packet on an open connection, which must be the end of it.</summary>
    private protected async Task ExpectEndAsync(ProtocolVersion version, params byte[][] packets)
    {
        foreach (var packet in packets)
        {
            await using var client = await Broker.ConnectAsync(version);
            await client.SendAsync(packet);
            await client.ExpectEndAsync();
        }
    }

    /// <summary>
    /// Sends CONNECT, which must be refused and the connection closed: in MQTT 3.1.1 without CONNACK, in MQTT 5 with one of 0x80 or above or
    /// without.
    /// </summary>
    private protected async Task ExpectNoServiceAsync(ProtocolVersion version, params byte[][] connects)
    {
        foreach (var connect in connects)
        {
            var answer = await RawExchange.UntilClosedAsync(Broker, connect);
            if (version != ProtocolVersion.V5)
            {
                answer.Should().BeEmpty("a CONNECT of the wrong form is not answered");
            }
            else if (answer.Length > 0)
            {
                ExpectRefusal(answer);
            }
        }
    }

    /// <summary>CONNACK of MQTT 5 with Session Present 0 and a reason code of 0x80 or above, and nothing behind it.</summary>
    private protected static void ExpectRefusal(byte[] answer)
    {
        var connAck = (ConnAckPacket)CodecHarness.FromServer(ProtocolVersion.V5, answer[..(2 + answer[1])]);
        ((int)connAck.ReasonCode).Should().BeGreaterThanOrEqualTo(0x80);
        connAck.SessionPresent.Should().BeFalse();
        answer.Should().HaveCount(2 + answer[1]);
    }

    /// <summary>Ends the spec where the broker has not what it needs and need not have it.</summary>
    private protected static void Require(bool fact, string what)
    {
        if (!fact)
        {
            throw new NotHereException($"needs {what}");
        }
    }
}
