using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage;

/// <summary>A will as it is stored.</summary>
/// <param name="Message">What is to be published.</param>
/// <param name="Author">Whose right to publish it is looked at when it is due; null: nobody's, it was stored before there were authors.</param>
internal sealed record StoredWill(WillMessage Message, ClientIdentity? Author);
