namespace Broker.Actors.Connections;

/// <summary>
/// The place of a message between a connection and the entity of its session. Both sides start at 1 with each attachment; a gap means that something was lost on
/// the way, and an older attachment that it was meant for, or comes from, an entity that is no more.
/// </summary>
/// <param name="Attachment">CONNACK begins the first, each <see cref="Sessions.SessionProtocol.Attach"/> another; 0 in the default value, which has no place.</param>
/// <param name="Number">1 and up.</param>
internal readonly record struct LaneMark(int Attachment, long Number);
