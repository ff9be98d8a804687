using System.Text.Json.Serialization;

namespace Broker.Actors.Storage.Backup;

/// <summary>What a backup says of itself.</summary>
/// <param name="Form">Of the file.</param>
/// <param name="Program">The version that has written it.</param>
/// <param name="Schema">The version of the tables in it.</param>
/// <param name="TakenAt">The moment that it shows.</param>
/// <param name="Sha256">Of each database in it, by its name.</param>
public sealed record BackupManifest(int Form, string Program, int Schema, DateTimeOffset TakenAt, IReadOnlyDictionary<string, string> Sha256)
{
    /// <summary>The form that this program writes, and the latest that it reads.</summary>
    internal const int CurrentForm = 1;
}

[JsonSerializable(typeof(BackupManifest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BackupJson : JsonSerializerContext;
