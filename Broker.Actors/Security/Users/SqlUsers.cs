using System.Collections.Concurrent;
using Broker.Actors.Hosting;
using Broker.Actors.Security.Databases;
using Broker.Actors.Security.Sasl;
using Broker.Actors.Security.Scram;
using Broker.Actors.Storage;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security.Users;

/// <summary>
/// Knows the users of a table, which is asked at each login: a change counts at once, and open connections stay. The column <c>password_hash</c> is Argon2id in the PHC
/// form. Two more need not be there: <c>roles</c>, with commas between, and <c>scram</c>, what SCRAM-SHA-256 needs in PostgreSQL's form.
/// </summary>
internal sealed class SqlUsers : IAuthenticationProvider, IScramVerifiers, IDisposable
{
    private const string HashColumn = "password_hash";
    private const string RolesColumn = "roles";
    private const string ScramColumn = "scram";
    private const string UserParameter = "@user";

    /// <summary>Users whose password is remembered; beyond that it is begun anew.</summary>
    private const int Remembered = 100_000;

    private static readonly AuthenticationResult Wrong = new(ReasonCode.BadUserNameOrPassword);
    private static readonly AuthenticationResult Away = new(ReasonCode.ServerUnavailable);

    private readonly SqlUsersOptions _options;
    private readonly SecurityDatabase _database;
    private readonly PasswordChecks _checks;
    private readonly BackEnd _backEnd;
    private readonly Argon2Hash _nobody = Argon2Hash.Decoy();
    private readonly ScramDecoys _decoys;

    // By the hash as it stands in the table, which has a salt of its own: another password of the user is another hash.
    private readonly ConcurrentDictionary<string, RecalledPassword> _recalled = new(StringComparer.Ordinal);

    /// <param name="options">With a query.</param>
    /// <param name="database">Where it is asked.</param>
    /// <param name="patience">How long a login waits for its turn.</param>
    /// <param name="logger">For what it has to tell.</param>
    public SqlUsers(SqlUsersOptions options, SecurityDatabase database, TimeSpan patience, ILogger logger)
    {
        _options = options;
        _database = database;
        _checks = new PasswordChecks(options.EffectiveConcurrentChecks, patience);
        _backEnd = new BackEnd("mqtt.security.sql", logger);
        _decoys = ScramDecoys.Keyed(database.Secret);
    }

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request)
    {
        if (request.UserName is null || !SaslPrep.TryPrepare(request.UserName, isStored: false, out var name, out _))
        {
            return null;
        }

        SqlUser? user;
        try
        {
            user = await AskAsync(name!).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            return Away;
        }

        return await CheckAsync(name!, user, SentPassword.Prepare(request.Password)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ScramUser> FindAsync(string userName) =>
        await AskAsync(userName).ConfigureAwait(false) is { Scram: { } verifier } user
            ? new ScramUser(verifier, Exists: true, user.Roles)
            : new ScramUser(_decoys.Of(userName), Exists: false);

    /// <inheritdoc/>
    public void Dispose() => _checks.Dispose();

    /// <summary>Null: there is no such user.</summary>
    /// <exception cref="StorageException">Nobody can say; it has been told.</exception>
    private async Task<SqlUser?> AskAsync(string name)
    {
        try
        {
            var user = Parse(await _database.QueryAsync(_options.Query, [(UserParameter, name)], CancellationToken.None).ConfigureAwait(false));
            _backEnd.Answered();
            return user;
        }
        catch (Exception problem) when (problem is StorageException or FormatException)
        {
            _backEnd.Failed(problem.Message);
            throw new StorageException(problem.Message, problem);
        }
    }

    private async Task<AuthenticationResult?> CheckAsync(string name, SqlUser? user, string? password)
    {
        if (password is null)
        {
            return user is null ? null : Wrong;
        }

        var recalled = user is null ? null : Recall(user);
        if (recalled?.Recalls(password) == true)
        {
            return AuthenticationResult.Accepted(name, user!.Roles);
        }

        // Who does not exist costs as much as who does, so that time tells nothing.
        switch (await _checks.VerifyAsync(user?.Password ?? _nobody, password).ConfigureAwait(false))
        {
            case null:
                return new AuthenticationResult(ReasonCode.ServerBusy);
            case true when user is not null:
                recalled!.Remember(password);
                return AuthenticationResult.Accepted(name, user.Roles);
            default:
                return user is null ? null : Wrong;
        }
    }

    private RecalledPassword Recall(SqlUser user)
    {
        if (_recalled.Count >= Remembered)
        {
            _recalled.Clear();
        }

        return _recalled.GetOrAdd(user.Password.ToString(), static _ => new RecalledPassword());
    }

    /// <summary>Null: there is no such user.</summary>
    /// <exception cref="FormatException">It is not the answer that is needed; the message has nothing of the secrets in it.</exception>
    private static SqlUser? Parse(SecurityRows answer)
    {
        if (answer.Find(HashColumn) is not (>= 0 and var hash))
        {
            throw new FormatException($"the query answers no column {HashColumn}. Select it, or give another this name with AS");
        }

        if (answer.Rows is not [var row, ..])
        {
            return null;
        }

        if (row[hash] is not { } text || !Argon2Hash.TryParse(text, out var password))
        {
            throw new FormatException($"a {HashColumn} is not of the form $argon2id$v=19$m=…,t=…,p=…$SALT$HASH");
        }

        var roles = answer.Find(RolesColumn) is >= 0 and var rolesAt ? row[rolesAt] : null;
        var scram = answer.Find(ScramColumn) is >= 0 and var scramAt && row[scramAt] is { Length: > 0 } shown
            ? ScramVerifierText.Parse(shown) ?? throw new FormatException($"a {ScramColumn} is not of the form SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY")
            : null;
        return new SqlUser(password!, roles?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [], scram);
    }

    private sealed record SqlUser(Argon2Hash Password, IReadOnlyList<string> Roles, ScramVerifier? Scram);
}
