package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
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
	Username string `json:"username" binding:"required,min=1,max=128"`
	Password string `json:"password" binding:"required,min=1,max=128"`
}

func (s service) login(c *gin.Context) {
	if media, _, err := mime.ParseMediaType(c.ContentType()); err != nil || media != binding.MIMEJSON {
		refuse(c, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json")
		return
	}
	var given credentials
	if err := bind(c, &given); err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			refuse(c, http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "the body is larger than 64 KiB")
			return
		}
		refuse(c, http.StatusBadRequest, "BAD_REQUEST", "username and password must be strings of 1 to 128 characters")
		return
	}
	if _, known := byName[given.Username]; !passwordFits(given) || !known {
		refuse(c, http.StatusUnauthorized, "BAD_CREDENTIALS", "username or password is wrong")
		return
	}
	now := time.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   given.Username,
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(tokenSeconds * time.Second)),
	}).SignedString(s.key)
	if err != nil {
		panic(err) // answered by the recovery middleware
	}
	c.JSON(http.StatusOK, gin.H{"token": token, "token_type": "Bearer", "expires_in": tokenSeconds})
}

// bind reads the whole body: gin's ShouldBindJSON stops after the first JSON value and would accept what follows it.
func bind(c *gin.Context, into any) error {
	body, err := c.GetRawData()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return err
	}
	return binding.Validator.ValidateStruct(into)
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

func (s service) requireToken(c *gin.Context) {
	scheme, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		_, err := parser.ParseWithClaims(token, &jwt.RegisteredClaims{}, func(*jwt.Token) (any, error) { return s.key, nil })
		if err == nil {
			c.Next()
			return
		}
	}
	refuse(c, http.StatusUnauthorized, "UNAUTHORIZED", "a valid bearer token is needed")
}

func user(c *gin.Context) {
	id, err := strconv.Atoi(c.Param("id"))
	if err != nil || id < 1 || id >= len(people) {
		refuse(c, http.StatusNotFound, "NOT_FOUND", "no such user")
		return
	}
	c.JSON(http.StatusOK, people[id])
}
