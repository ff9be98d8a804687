using Broker.Actors.Hosting;
using Broker.Actors.Security.Sasl;
using Broker.Actors.Security.Scram;
using Broker.Protocol.Packets;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Security.Users;

/// <summary>
/// Knows the users of a password file, and looks after the file: a changed one that is usable counts for logins from then on, one that is not is reported once and
/// changes nothing. Connections that are open stay.
/// </summary>
internal sealed partial class PasswordFile : IAuthenticationProvider, IScramVerifiers, IDisposable
{
    private readonly PasswordFileOptions _options;
    private readonly ILogger _logger;
    private readonly PasswordChecks _checks;
    private readonly Argon2Hash _nobody = Argon2Hash.Decoy();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private volatile KnownUsers _users;
    private string _seen;

    private PasswordFile(PasswordFileOptions options, TimeSpan patience, UserFile file, ILogger logger, TimeProvider time)
    {
        _options = options;
        _logger = logger;
        _checks = new PasswordChecks(options.EffectiveConcurrentChecks, patience);
        _users = new KnownUsers(file);
        _seen = file.Fingerprint;
        _timer = time.CreateTimer(static self => ((PasswordFile)self!).Look(), this, options.ReloadInterval, options.ReloadInterval);
    }

    /// <param name="options">With a path.</param>
    /// <param name="patience">How long a login waits for its turn.</param>
    /// <param name="logger">For what it has to tell.</param>
    /// <param name="time">The clock that it looks by.</param>
    /// <exception cref="UserFileException">The file is not usable.</exception>
    public static PasswordFile Open(PasswordFileOptions options, TimeSpan patience, ILogger logger, TimeProvider time) =>
        new(options, patience, UserFile.Read(options.Path), logger, time);

    /// <inheritdoc/>
    public ValueTask<ScramUser> FindAsync(string userName) => ValueTask.FromResult(_users.FindScram(userName));

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult?> AuthenticateAsync(AuthenticationRequest request)
    {
        if (request.UserName is null || !SaslPrep.TryPrepare(request.UserName, isStored: false, out var name, out _))
        {
            return null;
        }

        var user = _users.Find(name!);
        if (SentPassword.Prepare(request.Password) is not { } password)
        {
            return user is null ? null : Wrong;
        }

        if (user?.Recalls(password) == true)
        {
            return AuthenticationResult.Accepted(name!, user.Record.Roles);
        }

        // Who does not exist costs as much as who does, so that time tells nothing either.
        var isRight = await _checks.VerifyAsync(user?.Record.Password ?? _nobody, password).ConfigureAwait(false);
        switch (isRight)
        {
            case null:
                return new AuthenticationResult(ReasonCode.ServerBusy);
            case true when user is not null:
                user.Remember(password);
                return AuthenticationResult.Accepted(name!, user.Record.Roles);
            default:
                return user is null ? null : Wrong;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _checks.Dispose();
    }

    /// <summary>Looks for a change now.</summary>
    internal void Look()
    {
        lock (_lock)
        {
            try
            {
                var fingerprint = UserFile.FingerprintOf(_options.Path);
                if (fingerprint == _seen)
                {
                    return;
                }

                _seen = fingerprint;
                var users = new KnownUsers(UserFile.Read(_options.Path));
                _users = users;
                LogReloaded(_logger, _options.Path, users.Count);
            }
            catch (UserFileException problem)
            {
                Keep(problem);
            }
        }
    }

    private static AuthenticationResult Wrong { get; } = new(ReasonCode.BadUserNameOrPassword);

    // Once for a change: a file that stays away says the same at every look.
    private void Keep(UserFileException problem)
    {
        if (problem.InnerException is IOException or UnauthorizedAccessException)
        {
            if (_seen == problem.Message)
            {
                return;
            }

            _seen = problem.Message;
        }

        LogKept(_logger, problem.Message);
    }

    [LoggerMessage(LogLevel.Information, "Users were read again from {Path}: {Count} of them")]
    private static partial void LogReloaded(ILogger logger, string path, int count);

    [LoggerMessage(LogLevel.Warning, "The users stay as they were, the changed file is not usable: {Problem}")]
    private static partial void LogKept(ILogger logger, string problem);
}
