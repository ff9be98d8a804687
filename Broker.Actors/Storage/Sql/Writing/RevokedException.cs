namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>This node's row in the registry is revoked: another has taken over what it served (hard case 1).</summary>
internal sealed class RevokedException(long node)
    : StorageException($"This node (number {node} in the registry) is revoked: other nodes have taken over its sessions. Start it again.");
