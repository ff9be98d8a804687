using Broker.Actors.Clustering.Links;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Clustering.Routes;
using Broker.Actors.Inspection;
using Broker.Actors.Retained;
using Broker.Actors.Tracing;

namespace Broker.Actors.Clustering.Wire;

/// <summary>Every form that crosses the wire; each room lists its own in a file of its own.</summary>
internal static class WireFormats
{
    public static IReadOnlyList<WireFormat> All { get; } =
    [
        .. SessionWire.Formats,
        .. ConnectionWire.Formats,
        .. DeliveryWire.Formats,
        .. GuardWire.Formats,
        .. RetainedWire.Formats,
        .. MembershipWire.Formats,
        .. OperationsWire.Formats,
        .. InspectionWire.Formats,
        .. TraceWire.Formats,
        .. LinkWire.Formats,
        .. RouteWire.Formats,
    ];
}
