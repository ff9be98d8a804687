using System.Net;
using Broker.Protocol.Transport;

namespace Broker.Actors.Hosting;

/// <summary>A listener that is open.</summary>
/// <param name="Options">As configured.</param>
/// <param name="Address">As bound, the port that the system picked included.</param>
public sealed record BoundListener(ListenerOptions Options, EndPoint Address);
