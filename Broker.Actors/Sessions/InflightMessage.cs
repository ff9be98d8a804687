namespace Broker.Actors.Sessions;

/// <summary>One message in an <see cref="InflightWindow{T}"/>.</summary>
/// <param name="PacketId">1 to 65,535.</param>
/// <param name="Item">The message.</param>
/// <param name="State">What it waits for.</param>
internal readonly record struct InflightMessage<T>(ushort PacketId, T Item, InflightState State);
