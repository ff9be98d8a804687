using Broker.Protocol.Packets;

namespace Broker.Actors.Storage.Sql;

/// <summary>The column <c>kind</c> of a queued message: QoS in the lowest two bits, then RETAIN.</summary>
internal static class QueueKind
{
    private const long QoSMask = 0x03;
    private const long RetainFlag = 0x04;

    public static long Of(QualityOfService qos, bool retain) => (long)qos | (retain ? RetainFlag : 0);

    /// <exception cref="FormatException">It is none.</exception>
    public static QualityOfService QoS(long kind) => kind is >= 0 and < 8 && (kind & QoSMask) <= (long)QualityOfService.ExactlyOnce
        ? (QualityOfService)(kind & QoSMask)
        : throw new FormatException($"its kind is {kind}");

    public static bool Retain(long kind) => (kind & RetainFlag) != 0;
}
