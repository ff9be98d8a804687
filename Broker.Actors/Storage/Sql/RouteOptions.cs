using Broker.Actors.Routing;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage.Sql;

/// <summary>The column <c>options</c> of a route: QoS in the lowest two bits, then No Local and Retain As Published.</summary>
internal static class RouteOptions
{
    private const long QoSMask = 0x03;
    private const long NoLocalFlag = 0x04;
    private const long RetainAsPublishedFlag = 0x08;

    public static long Of(SubscriptionOptions options) =>
        (long)options.QoS | (options.NoLocal ? NoLocalFlag : 0) | (options.RetainAsPublished ? RetainAsPublishedFlag : 0);

    public static SubscriptionOptions Read(long options, long identifier) => new(
        (QualityOfService)(options & QoSMask), (options & NoLocalFlag) != 0, (options & RetainAsPublishedFlag) != 0, (uint)identifier);
}
