using Akka.Cluster;
using Broker.Actors.Clustering.Wire;

namespace Broker.Actors.Tracing;

/// <summary>How the node that was asked for a trace gets the lines of the others: it fetches them, so that it gets no more than its reader takes.</summary>
internal static class TraceProtocol
{
    /// <summary>Your next lines; the first of them begins the trace. Answered to its sender.</summary>
    /// <param name="Id">Of the trace.</param>
    /// <param name="Filter">What is wanted.</param>
    /// <param name="Rate">Lines in a second.</param>
    /// <param name="Confirmed">The number of the last batch that has arrived; 0: none.</param>
    internal sealed record Fetch(string Id, TraceFilter Filter, int Rate, long Confirmed) : IWireMessage;

    /// <summary>They.</summary>
    /// <param name="Node">Who answers.</param>
    /// <param name="IsRefused">It traces as much as it may.</param>
    /// <param name="Number">Of the batch.</param>
    /// <param name="LeftOut">Lines that are not among them.</param>
    /// <param name="Lines">Each in JSON.</param>
    internal sealed record Fetched(UniqueAddress Node, bool IsRefused, long Number, long LeftOut, IReadOnlyList<byte[]> Lines) : IWireMessage;

    /// <summary>It is over.</summary>
    internal sealed record End(string Id) : IWireMessage;
}
