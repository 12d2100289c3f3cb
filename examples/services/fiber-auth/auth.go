package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"mime"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v3"
	"github.com/golang-jwt/jwt/v5"
)

const tokenSeconds = 86400

type person struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Age  int    `json:"age"`
}

// people holds users 1..1000 at their own index; byName finds them for a login.
var people, byName = seed(1000)

func seed(count int) ([]person, map[string]*person) {
	all, names := make([]person, count+1), make(map[string]*person, count)
	for i := 1; i <= count; i++ {
		all[i] = person{ID: i, Name: fmt.Sprintf("user%d", i), Age: 20 + i%50}
		names[all[i].Name] = &all[i]
	}
	return all, names
}

type service struct {
	// key is the signing key, made from the secret once.
	key []byte
}

type credentials struct {
	Username string `json:"username" validate:"required,min=1,max=128"`
	Password string `json:"password" validate:"required,min=1,max=128"`
}

// structs is Fiber's hook for validation after binding: it names an interface and leaves the library to us.
type structs struct{}

var validate = validator.New(validator.WithRequiredStructEnabled())

func (structs) Validate(value any) error { return validate.Struct(value) }

type token struct {
	Token     string `json:"token"`
	TokenType string `json:"token_type"`
	ExpiresIn int    `json:"expires_in"`
}

// badCredentials has a code of its own, which the status alone does not tell.
var badCredentials = &refusal{fiber.StatusUnauthorized, "BAD_CREDENTIALS", "username or password is wrong"}

func (s service) login(c fiber.Ctx) error {
	if media, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType)); err != nil || media != fiber.MIMEApplicationJSON {
		return fiber.NewError(fiber.StatusUnsupportedMediaType, "the body must be application/json")
	}
	var given credentials
	if err := c.Bind().JSON(&given); err != nil {
		return fiber.NewError(fiber.StatusBadRequest, "username and password must be strings of 1 to 128 characters")
	}
	if _, known := byName[given.Username]; !passwordFits(given) || !known {
		return badCredentials
	}
	now := time.Now()
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   given.Username,
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(tokenSeconds * time.Second)),
	}).SignedString(s.key)
	if err != nil {
		return err
	}
	return c.JSON(token{signed, "Bearer", tokenSeconds})
}

// passwordFits is the contract's cheap check, the same in every service: it takes the place of a password hash without
// measuring one. The comparison takes the same time wherever the hashes differ.
func passwordFits(given credentials) bool {
	want, got := digest(given.Username, "correct horse"), digest(given.Username, given.Password)
	return subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

func digest(username, password string) string {
	sum := sha256.Sum256([]byte(username + ":" + password))
	return hex.EncodeToString(sum[:])
}

// parser accepts HS256 only: neither `none` nor a token signed by a key of another kind.
var parser = jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())

func (s service) requireToken(c fiber.Ctx) error {
	scheme, token, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	if strings.EqualFold(scheme, "Bearer") {
		_, err := parser.ParseWithClaims(token, &jwt.RegisteredClaims{}, func(*jwt.Token) (any, error) { return s.key, nil })
		if err == nil {
			return c.Next()
		}
	}
	return fiber.NewError(fiber.StatusUnauthorized, "a valid bearer token is needed")
}

func user(c fiber.Ctx) error {
	id, err := strconv.Atoi(c.Params("id"))
	if err != nil || id < 1 || id >= len(people) {
		return fiber.NewError(fiber.StatusNotFound, "no such user")
	}
	return c.JSON(people[id])
}
