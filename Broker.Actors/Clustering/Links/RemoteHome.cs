namespace Broker.Actors.Clustering.Links;

/// <summary>A connection on another node.</summary>
internal sealed record RemoteHome(RemoteNode Node, long Number);
