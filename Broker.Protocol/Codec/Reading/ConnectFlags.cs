using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The connect flags (section 3.1.2.3).</summary>
internal readonly struct ConnectFlags(byte value)
{
    public bool CleanStart => (value & 0b0000_0010) != 0;

    public bool Will => (value & 0b0000_0100) != 0;

    public QualityOfService WillQoS => (QualityOfService)((value >> 3) & 0b11);

    public bool WillRetain => (value & 0b0010_0000) != 0;

    public bool Password => (value & 0b0100_0000) != 0;

    public bool UserName => (value & 0b1000_0000) != 0;

    public void Check(ProtocolVersion version)
    {
        if ((value & 1) != 0)
        {
            Fault.Malformed("the reserved connect flag is set"); // [MQTT-3.1.2-3]
        }

        if (!Will && (value & 0b0011_1000) != 0)
        {
            Fault.Malformed("will QoS or will retain without a will"); // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
        }

        if ((value & 0b0001_1000) == 0b0001_1000)
        {
            Fault.Malformed("will QoS is 3"); // [MQTT-3.1.2-12]
        }

        if (Password && !UserName && version != ProtocolVersion.V5)
        {
            Fault.Malformed("a password without a user name"); // 3.1.1: [MQTT-3.1.2-22]
        }
    }
}
