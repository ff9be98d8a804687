namespace Broker.Actors.Clustering.Wire;

/// <summary>A message that may cross from one node to another: <see cref="WireSerializer"/> has its form, and nothing else does.</summary>
internal interface IWireMessage;
