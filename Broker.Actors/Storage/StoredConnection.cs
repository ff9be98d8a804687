using Broker.Actors.Security;
using Broker.Protocol.Packets;

namespace Broker.Actors.Storage;

/// <summary>A connection on which something hangs, or hung when it closed.</summary>
/// <param name="ClientId">Whose.</param>
/// <param name="Number">The connection's number.</param>
/// <param name="Node">The key of the node that served it.</param>
/// <param name="SessionExpiry">Seconds that the session outlives it; <see cref="uint.MaxValue"/>: for ever.</param>
/// <param name="Will">What is to be published, or null.</param>
/// <param name="OfflineMilliseconds">Since it closed, by the database's clock; null: it is open.</param>
/// <param name="Problem">Why the will cannot be read, for the log; null: it can.</param>
/// <param name="WillAuthor">Whose right to publish the will is looked at when it is due; null: nobody's.</param>
internal sealed record StoredConnection(
    string ClientId, long Number, long Node, uint SessionExpiry, WillMessage? Will, long? OfflineMilliseconds, string? Problem = null, ClientIdentity? WillAuthor = null);
